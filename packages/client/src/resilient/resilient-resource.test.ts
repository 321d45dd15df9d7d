import { expect, test } from 'vitest'
import type { Aeron } from '../aeron.ts'
import { Rebuildable } from './resilient-resource.ts'

const FIRST = 'aeron:udp?endpoint=127.0.0.1:24001'
const SECOND = 'aeron:udp?endpoint=127.0.0.1:24002'

test('a destination that is removed while others are added again is removed from the new one too', async () => {
  const log: string[] = []
  let whenAdding: (channel: string) => Promise<void> = async () => {}
  const current = {
    addDestination: async (channel: string) => {
      log.push(`add ${channel}`)
      await whenAdding(channel)
    },
    removeDestination: async (channel: string) => void log.push(`remove ${channel}`),
    [Symbol.dispose]: () => {},
  }
  class Resource extends Rebuildable<typeof current> {
    protected override async add(): Promise<typeof current> {
      return Promise.resolve(current)
    }
  }
  const resource = new Resource('aeron:udp?control-mode=manual', 10, () => {})
  await resource.addDestination(FIRST)
  await resource.addDestination(SECOND)
  whenAdding = async (channel) => (channel === SECOND ? resource.removeDestination(FIRST) : undefined)
  await resource.rebuild({} as Aeron)
  expect(log).toEqual([`add ${FIRST}`, `add ${SECOND}`, `remove ${FIRST}`])
})
