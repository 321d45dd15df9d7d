import { reservePorts } from '@x/aeron-tooling'
import type { BenchCase } from '../bench-case.ts'
import { percentileMetrics } from '../latency.ts'
import { launchDriver } from '../low-latency.ts'
import { measureRoundTrip } from '../round-trip.ts'

const LENGTH = 32
/** Low enough for the slowest of all: what does not keep up is measured as a queue. */
const RATE = 1_000

/** Time there and back over loopback, at a fixed rate. */
export const udpRoundTrip: BenchCase = {
  name: 'udp-round-trip',
  title: 'UDP loopback round trip at a fixed rate, ping and pong each in a process of its own',
  variants: [
    {
      // Ping and pong that spin would leave no core to the driver, which carries the messages.
      name: 'backoff',
      metrics: percentileMetrics(`${LENGTH} bytes, event loop (others: backoff), 1,000/s`, 'roundTrip'),
    },
  ],
  launch: async (programs) => {
    const reservation = await reservePorts(2)
    const [pingChannel = '', pongChannel = ''] = reservation.ports.map(
      (port) => `aeron:udp?endpoint=127.0.0.1:${port}`,
    )
    const driver = await launchDriver()
    let stream = 1000
    return {
      measure: async (_variant, language) =>
        measureRoundTrip(programs, language, {
          dir: driver.aeronDirectory,
          pingChannel,
          pongChannel,
          pingStream: stream++,
          pongStream: stream++,
          length: LENGTH,
          rate: RATE,
          idle: 'backoff',
          warmupMs: 600,
          measureMs: 800,
        }),
      [Symbol.asyncDispose]: async () => {
        await driver.close()
        reservation.release()
      },
    }
  },
}
