import { buildGoPrograms, launchMediaDriver, type MediaDriverProcess, reservePorts } from '@x/aeron-tooling'
import { AtomicBuffer } from '@x/atomic'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Aeron, BufferClaim, FragmentAssembler, type Publication, type Subscription } from '@x/client'
import { eventually } from './support/eventually.ts'
import { launchProgram } from './support/go/launch-program.ts'

// The client of aeron-go on one side, this one on the other: its own examples, and a program of ours that uses it.

const EXCHANGE = fileURLToPath(new URL('support/go/exchange', import.meta.url))
const EXAMPLES = ['basic_publisher', 'basic_publisher_claim', 'basic_subscriber', 'ping', 'pong']
const MESSAGE_COUNT = 20_000

let folder: string
let executable: (name: string) => string
let driver: MediaDriverProcess
let aeron: Aeron
let ports: Awaited<ReturnType<typeof reservePorts>>
let streamId = 3_000

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aeron-go-'))
  executable = await buildGoPrograms({ folder, sources: [EXCHANGE], examples: EXAMPLES })
  ports = await reservePorts(2)
  driver = await launchMediaDriver()
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
}, 600_000)

afterAll(async () => {
  aeron?.close()
  await driver?.close()
  ports?.release()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => {
  streamId += 10
})

/** Polls as fast as there is something, until `done`; the event loop runs meanwhile. */
async function pollUntil(done: () => boolean, poll: () => number): Promise<void> {
  const deadlineMs = performance.now() + 120_000
  while (!done()) {
    if (performance.now() > deadlineMs) throw new Error(`Nothing for two minutes: ${done.toString()}`)
    for (let i = 0; i < 100 && poll() > 0; i++) {}
    await nextTurn()
  }
}

/** Sends back what comes, whole, with its reserved value; counts messages and bytes. */
function echo(requests: Subscription, responses: Publication): { count: number; poll: () => number } {
  const state = { count: 0, poll: () => requests.poll(assembler.onFragment, 10) }
  const assembler = new FragmentAssembler((buffer, offset, length, header) => {
    const { reservedValue } = header
    while (responses.offer(buffer, offset, length, () => reservedValue) < 0) {}
    state.count++
  })
  return state
}

describe.each(['ipc', 'udp'] as const)('over %s', (media) => {
  const channel = (index: number): string =>
    media === 'ipc' ? 'aeron:ipc' : `aeron:udp?endpoint=localhost:${ports.ports[index]}`
  const basic = (): string[] => `-p ${driver.aeronDirectory} -chan ${channel(0)} -sid ${streamId}`.split(' ')
  const pingPong = (pingChannel: string): string[] =>
    `-p ${driver.aeronDirectory} -c ${pingChannel} -s ${streamId} -C ${channel(1)} -S ${streamId + 1}`.split(
      ' ',
    )

  test.each(['basic_publisher', 'basic_publisher_claim'])('%s is heard', async (name) => {
    using subscription = await aeron.addSubscription(channel(0), streamId)
    await using _publisher = launchProgram(executable(name), [...basic(), '-m', '4'])
    const texts: string[] = []
    await pollUntil(
      () => texts.length >= 2,
      () =>
        subscription.poll((buffer, offset, length) => {
          texts.push(buffer.getStringWithoutLengthAscii(offset, length))
        }, 10),
    )
    expect(texts[0]).toMatch(/^this is a message \d$/)
  })

  test('basic_subscriber hears what is offered and what is claimed', async () => {
    await using subscriber = launchProgram(executable('basic_subscriber'), basic())
    using publication = await aeron.addPublication(channel(0), streamId)
    await eventually(() => publication.isConnected)
    await eventually(() => publication.offer(Buffer.from('offered')) > 0)
    await subscriber.waitForOutput(/payload: offered /)
    const claim = new BufferClaim()
    await eventually(() => publication.tryClaim(7, claim) > 0)
    claim.buffer.putStringWithoutLengthAscii(claim.offset, 'claimed')
    claim.commit()
    await subscriber.waitForOutput(/payload: claimed /)
    expect(subscriber.hasEnded).toBe(false)
  })

  test('ping gets its messages back', async () => {
    using pings = await aeron.addSubscription(channel(0), streamId)
    using pongs = await aeron.addExclusivePublication(channel(1), streamId + 1)
    const echoed = echo(pings, pongs)
    // It takes an answer other than a position, as at the end of a term, for its own end while it warms up.
    const longTerms = `${channel(0)}${media === 'ipc' ? '?' : '|'}term-length=4m`
    const args = ['-m', '5000', '-len', '1000']
    await using ping = launchProgram(executable('ping'), [...pingPong(longTerms), ...args])
    await pollUntil(() => ping.hasEnded, echoed.poll)
    expect(ping.output).toMatch(/Total count\s+=\s+5000/)
    expect(echoed.count).toBe(6_000)
  })

  test('pong sends back what it gets', async () => {
    await using pong = launchProgram(executable('pong'), pingPong(channel(0)))
    using pongs = await aeron.addSubscription(channel(1), streamId + 1)
    using pings = await aeron.addExclusivePublication(channel(0), streamId)
    await eventually(() => pings.isConnected && pongs.isConnected)
    expect(pong.hasEnded).toBe(false)
    for (const length of [1, 8, 32, 33, 1_000, pings.maxPayloadLength]) {
      const message = Uint8Array.from({ length }, (_, i) => i * 7 + length)
      await eventually(() => pings.offer(message) > 0)
      let received: Uint8Array | undefined
      await pollUntil(
        () => received !== undefined,
        () => pongs.poll((buffer, offset, size) => (received = buffer.bytes.slice(offset, offset + size)), 1),
      )
      expect(received).toEqual(message)
    }
  })

  test('a program on it gets back, byte by byte, messages of every length, offered and claimed', async () => {
    using requests = await aeron.addSubscription(channel(0), streamId)
    using responses = await aeron.addPublication(channel(1), streamId + 1)
    const echoed = echo(requests, responses)
    const args = ['check', driver.aeronDirectory, channel(1), streamId + 1, channel(0), streamId]
    await using program = launchProgram(executable('exchange'), [...args.map(String), String(MESSAGE_COUNT)])
    await pollUntil(() => program.hasEnded, echoed.poll)
    expect(program.output).toMatch(new RegExp(`complete: ${MESSAGE_COUNT} messages`))
    process.stdout.write(`aeron-go through us over ${media}, ${/complete.*/.exec(program.output)?.[0]}\n`)
  })

  test('a program on it sends back, byte by byte, messages of every length, offered and claimed', async () => {
    const args = ['echo', driver.aeronDirectory, channel(0), streamId, channel(1), streamId + 1].map(String)
    await using _program = launchProgram(executable('exchange'), args)
    using answers = await aeron.addSubscription(channel(1), streamId + 1)
    using publication = await aeron.addPublication(channel(0), streamId)
    await eventually(() => publication.isConnected && answers.isConnected)
    const lengthOf = (sequence: number): number =>
      sequence % 4 === 0 ? (sequence * 7_919) % 8_193 : (sequence * 7_919) % 1_377
    const source = AtomicBuffer.allocate(8_192)
    let [received, bytes] = [0, 0]
    const faults: string[] = []
    const assembler = new FragmentAssembler((buffer, offset, length, header) => {
      if (length !== lengthOf(received) || header.reservedValue !== BigInt(received) * 0x1_0000_0001n) {
        faults.push(`message ${received}: ${length} bytes, reserved value ${header.reservedValue}`)
      }
      for (let i = 0; i < length; i++) {
        if (buffer.getUint8(offset + i) !== ((received + i * 7) & 0xff))
          faults.push(`message ${received}: byte ${i}`)
      }
      received++
      bytes += length
    })
    const startMs = performance.now()
    let sent = 0
    await pollUntil(
      () => received === MESSAGE_COUNT,
      () => {
        if (sent < MESSAGE_COUNT) {
          const length = lengthOf(sent)
          for (let i = 0; i < length; i++) source.putUint8(i, sent + i * 7)
          const reservedValue = BigInt(sent) * 0x1_0000_0001n
          if (publication.offer(source, 0, length, () => reservedValue) > 0) sent++
        }
        return answers.poll(assembler.onFragment, 10)
      },
    )
    const durationMs = Math.round(performance.now() - startMs)
    process.stdout.write(
      `us through aeron-go over ${media}, complete: ${received} messages, ${bytes} bytes in ${durationMs} ms\n`,
    )
    expect(faults).toEqual([])
  })
})
