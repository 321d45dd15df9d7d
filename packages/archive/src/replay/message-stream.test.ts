import { expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import type { FragmentHandler, Header } from '@x/client'
import { messagesOf, type MessageSource } from './message-stream.ts'

class ScriptedSource implements MessageSource {
  readonly #batches: string[][]
  polls = 0
  constructor(batches: string[][]) {
    this.#batches = batches
  }
  get hasEnded(): boolean {
    return this.#batches.length === 0
  }
  poll(handler: FragmentHandler): number {
    this.polls++
    const batch = this.#batches.shift() ?? []
    batch.forEach((text, index) => {
      const buffer = AtomicBuffer.wrap(new TextEncoder().encode(`#${text}`))
      const header = { position: index, sessionId: 3, reservedValue: 4n } as Header
      handler(buffer, 1, text.length, header)
      buffer.bytes.fill(0)
    })
    return batch.length
  }
}

test('messagesOf() gives copies, and polls no further than its reader has come', async () => {
  const source = new ScriptedSource([['a', 'b'], [], ['c']])
  const messages = messagesOf(source, undefined)
  expect((await messages.next()).value).toMatchObject({ position: 0, sessionId: 3, reservedValue: 4n })
  expect(source.polls).toBe(1)
  const rest: string[] = []
  for await (const { data } of messages) rest.push(data.toString())
  expect(rest).toEqual(['b', 'c'])
})

test('messagesOf() ends with the reason of an aborted signal', async () => {
  const controller = new AbortController()
  const messages = messagesOf(new ScriptedSource([['a'], ['b']]), controller.signal)
  await messages.next()
  controller.abort(new Error('enough'))
  await expect(messages.next()).rejects.toThrow('enough')
})
