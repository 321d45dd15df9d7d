import { launchJava, reservePorts } from '@x/aeron-tooling'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Aeron, type Subscription } from '@x/client'
import { eventually } from './support/eventually.ts'
import { compileJava } from './support/java/compile-java.ts'

const SOURCE = fileURLToPath(new URL('support/java/RenamingDriver.java', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'renaming-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function hear(subscription: Subscription): Promise<string> {
  let text = ''
  await eventually(() => {
    subscription.poll((buffer, offset, length) => {
      text = buffer.getStringWithoutLengthUtf8(offset, length)
    }, 1)
    return text !== ''
  })
  return text
}

test('a publication follows the name of its receiver to another address', async () => {
  await compileJava(SOURCE, folder)
  const addressFile = join(folder, 'address')
  writeFileSync(addressFile, '127.0.0.1')
  await using driver = await launchJava('RenamingDriver', {
    classPath: [folder],
    args: [addressFile],
    properties: {
      'aeron.threading.mode': 'SHARED',
      'aeron.shared.idle.strategy': 'org.agrona.concurrent.SleepingMillisIdleStrategy',
      'aeron.driver.reresolution.check.interval': '500ms',
      'aeron.publication.connection.timeout': '1s',
      'aeron.dir.delete.on.shutdown': 'true',
    },
  })
  const [, aeronDirectory = ''] = await driver.waitForOutput(/running in (.*)/)
  using reserved = await reservePorts(1).then((ports) => ({
    port: ports.ports[0],
    [Symbol.dispose]: () => ports.release(),
  }))
  const { port } = reserved
  using aeron = await Aeron.connect({ aeronDirectory })
  using publication = await aeron.addPublication(`aeron:udp?endpoint=receiver:${port}`, 10)
  const first = await aeron.addSubscription(`aeron:udp?endpoint=127.0.0.1:${port}`, 10)
  await eventually(() => publication.isConnected && first.isConnected)
  await eventually(() => publication.offer(Buffer.from('to the first')) > 0)
  expect(await hear(first)).toBe('to the first')
  first.close()
  await eventually(() => !publication.isConnected)
  writeFileSync(addressFile, '127.0.0.2')
  using second = await aeron.addSubscription(`aeron:udp?endpoint=127.0.0.2:${port}`, 10)
  await eventually(() => publication.isConnected && second.isConnected, 60_000)
  await eventually(() => publication.offer(Buffer.from('to the second')) > 0)
  expect(await hear(second)).toBe('to the second')
})
