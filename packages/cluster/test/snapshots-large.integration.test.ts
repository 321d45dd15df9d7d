import { expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

const BALLAST_LENGTH = 100 * 1024 * 1024

test('a snapshot of 100 MiB is taken and loaded', async () => {
  await using node = await LedgerNode.launch('large-snapshot')
  await node.join()
  const client = await node.client()
  await client.send({ kind: LedgerKind.ADD })
  await client.send({ kind: LedgerKind.BALLAST, argument: BigInt(BALLAST_LENGTH) })
  const before = await node.report()
  node.disconnect()
  expect(await node.snapshot()).toBe(true)
  expect(node.errors).toEqual([])
  await node.restart('SIGTERM')
  await node.join()
  expect(node.service.state.ballastLength).toBe(BALLAST_LENGTH)
  expect((await node.report()).hash).toBe(before.hash)
})
