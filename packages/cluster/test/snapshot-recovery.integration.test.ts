import { poll } from '@x/aeron-tooling'
import { expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

async function addSome(node: LedgerNode, count: number): Promise<void> {
  const client = await node.client()
  for (let i = 0; i < count; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: i % 40 })
}

test('a service that may not fail ends, with its member, when it cannot take a snapshot', async () => {
  await using node = await LedgerNode.launch('snapshot-fail-stop-test')
  await node.join({ terminateOnServiceError: true })
  await addSome(node, 3)
  node.service.beforeSnapshot = () => {
    throw new Error('no snapshot today')
  }
  await node.nodes.clusterTool(node.member, 'snapshot')
  const termination = await node.container?.terminated
  expect(termination).toMatchObject({ cause: 'ERROR', expected: false })
  expect(termination?.error).toMatchObject({ code: 'SERVICE_CALLBACK_FAILED' })
  await poll(() => node.member.state() === undefined, { action: 'see the module end', timeoutMs: 60_000 })
})
