import { launchArchivingMediaDriver } from '@x/aeron-tooling'
import type { BenchCase } from '../bench-case.ts'
import { ARCHIVE_PROPERTIES, DRIVER_PROPERTIES } from '../low-latency.ts'
import { JVM_FLAGS } from '../toolchains/java-programs.ts'

const LENGTH = 256
const MESSAGES = 400_000
const WARM_UP_MESSAGES = 50_000
/** A recording takes 0.25 s, and a replay 0.13, which is too little for a measurement. */
const TIMES = 5
/** Archive, driver and client share two cores: what spins while it waits takes from the one that it waits for. */
const IDLE = 'backoff'

/** Recording a stream with a real archive, and replaying it. */
export const archive: BenchCase = {
  name: 'archive',
  title: `${TIMES} recordings and replays of ${MESSAGES.toLocaleString('en')} messages of ${LENGTH} bytes, over IPC`,
  variants: [
    {
      name: 'record-replay',
      metrics: [
        { key: 'recordBytesPerSecond', title: 'record', unit: 'MB/s', scale: 1e-6, better: 'more' },
        {
          key: 'replayBytesPerSecond',
          title: 'replay',
          unit: 'MB/s',
          scale: 1e-6,
          better: 'more',
          goals: { java: 0.9, go: 1.5 },
        },
      ],
    },
  ],
  launch: async (programs) => {
    const driver = await launchArchivingMediaDriver({
      name: 'bench-archive',
      properties: { ...DRIVER_PROPERTIES, ...ARCHIVE_PROPERTIES },
      jvmFlags: JVM_FLAGS,
    })
    let stream = 1000
    return {
      measure: async (_variant, language) => {
        stream += 2
        await using program = await programs.start(language, 'archive', {
          dir: driver.aeronDirectory,
          control: driver.localControlChannel,
          channel: 'aeron:ipc',
          stream,
          length: LENGTH,
          messages: MESSAGES,
          warmupMessages: WARM_UP_MESSAGES,
          times: TIMES,
          idle: IDLE,
        })
        return await program.result()
      },
      [Symbol.asyncDispose]: async () => driver.close(),
    }
  },
}
