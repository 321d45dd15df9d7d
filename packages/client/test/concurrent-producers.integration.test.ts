import { launchMediaDriver } from '@x/aeron-tooling'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Aeron, FragmentAssembler } from '@x/client'

const CHANNEL = 'aeron:ipc?term-length=64k'
const STREAM_ID = 10
const PRODUCERS = 3
const COUNT = 10_000
const PROGRAM = fileURLToPath(new URL('support/producer.ts', import.meta.url))

function startProducer(aeronDirectory: string, producer: number): ChildProcess {
  const args = [aeronDirectory, CHANNEL, STREAM_ID, producer, COUNT].map(String)
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  return spawn(process.execPath, [...flags, PROGRAM, ...args], { stdio: 'inherit' })
}

// Terms of 64 KiB and messages of up to two fragments and more: the processes meet at the end of a term hundreds of times.
test('processes that share a concurrent publication lose and mix nothing, through every rotation', async () => {
  await using driver = await launchMediaDriver()
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using subscription = await aeron.addSubscription(CHANNEL, STREAM_ID)
  const producers = Array.from({ length: PRODUCERS }, (_, i) => startProducer(driver.aeronDirectory, i))
  try {
    const next = Array.from({ length: PRODUCERS }, () => 0)
    const faults: string[] = []
    const assembler = new FragmentAssembler((buffer, offset, length) => {
      const producer = buffer.getInt32(offset)
      const sequence = buffer.getInt32(offset + 4)
      const expected = next[producer]!++
      const isWhole =
        sequence === expected &&
        length === 12 + ((expected * 37) % 3_000) &&
        buffer.getInt32(offset + length - 4) === expected
      if (!isWhole) faults.push(`producer ${producer}: ${sequence}, not ${expected}, of ${length} bytes`)
    })
    const deadlineMs = performance.now() + 90_000
    while (next.some((count) => count < COUNT) && faults.length === 0 && performance.now() < deadlineMs) {
      for (let i = 0; i < 100 && subscription.poll(assembler.onFragment, 100) > 0; i++) {}
      await nextTurn()
    }
    expect(faults).toEqual([])
    expect(next).toEqual([COUNT, COUNT, COUNT])
    await Promise.all(producers.map(async (producer) => producer.exitCode ?? once(producer, 'exit')))
    expect(producers.map((producer) => producer.exitCode)).toEqual([0, 0, 0])
  } finally {
    for (const producer of producers) producer.kill('SIGKILL')
  }
})
