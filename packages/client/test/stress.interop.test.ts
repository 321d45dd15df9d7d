import { launchJava, launchMediaDriver } from '@x/aeron-tooling'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Action, Aeron, ControlledFragmentAssembler } from '@x/client'

/** Where the program looks for its server and listens itself: its base port, 9000, and 1 or 2. */
const REQUESTS = 'aeron:udp?endpoint=localhost:9001'
const RESPONSES = 'aeron:udp?endpoint=localhost:9002'
const STREAM_ID = 10_001
const MTU_LENGTHS = [1_408, 4_000, 8_192, 16_384, 32_768, 65_504]

// The client sends 100 messages of each of 128 lengths at each of 6 MTUs, and checks the CRC and the reserved value of every answer.
test('StressUnicastClient gets every byte and reserved value back from an echo of ours', async () => {
  await using driver = await launchMediaDriver()
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using requests = await aeron.addSubscription(REQUESTS, STREAM_ID)
  using responses = await aeron.addPublication(RESPONSES, STREAM_ID)
  let count = 0
  let bytes = 0
  const assembler = new ControlledFragmentAssembler((buffer, offset, length, header) => {
    const correlationId = header.reservedValue
    if (responses.offer(buffer, offset, length, () => correlationId) < 0) return Action.ABORT
    count++
    bytes += length
    return Action.COMMIT
  })
  const startMs = performance.now()
  await using client = await launchJava('io.aeron.samples.stress.StressUnicastClient', {
    aeronDirectory: driver.aeronDirectory,
  })
  while (client.exit === undefined) {
    for (let i = 0; i < 1_000; i++) requests.controlledPoll(assembler.onFragment, 10)
    await nextTurn()
  }
  const seconds = (performance.now() - startMs) / 1_000
  process.stdout.write(`${count} messages, ${Math.round(bytes / 1e6)} MB echoed in ${seconds.toFixed(1)} s\n`)
  expect(client.exit).toEqual({ code: 0, signal: null })
  for (const mtu of MTU_LENGTHS) expect(client.output).toContain(`Complete mtu=${mtu}`)
  expect(count).toBe(MTU_LENGTHS.length * 128 * 100)
})
