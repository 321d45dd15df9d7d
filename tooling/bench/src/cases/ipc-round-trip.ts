import type { BenchCase } from '../bench-case.ts'
import { percentileMetrics } from '../latency.ts'
import { launchDriver } from '../low-latency.ts'
import { measureRoundTrip } from '../round-trip.ts'

const LENGTH = 32

/** Time there and back over shared memory, at a fixed rate. */
export const ipcRoundTrip: BenchCase = {
  name: 'ipc-round-trip',
  title: 'IPC round trip at a fixed rate, ping and pong each in a process of its own',
  variants: [
    {
      name: 'spin',
      params: { idle: 'spin', rate: 50_000, warmupMs: 600, measureMs: 800 },
      metrics: percentileMetrics(`${LENGTH} bytes, busy spin, 50,000/s`, 'roundTrip', {
        p50: { java: 1.2, go: 0.9 },
        p99: { java: 1.5, go: 0.9 },
      }),
    },
    {
      name: 'event-loop',
      params: { idle: 'backoff', rate: 1_000, warmupMs: 400, measureMs: 800 },
      metrics: percentileMetrics(`${LENGTH} bytes, event loop (others: backoff), 1,000/s`, 'roundTrip'),
    },
  ],
  launch: async (programs) => {
    const driver = await launchDriver()
    let stream = 1000
    return {
      measure: async ({ params }, language) =>
        measureRoundTrip(programs, language, {
          ...(params as unknown as { idle: string; rate: number; warmupMs: number; measureMs: number }),
          dir: driver.aeronDirectory,
          pingChannel: 'aeron:ipc',
          pongChannel: 'aeron:ipc',
          pingStream: stream++,
          pongStream: stream++,
          length: LENGTH,
        }),
      [Symbol.asyncDispose]: async () => driver.close(),
    }
  },
}
