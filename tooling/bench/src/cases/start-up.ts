import type { BenchCase } from '../bench-case.ts'
import { singleProcessCase } from '../single-process.ts'

/** From the start of a process to its first message, which it sends to itself over IPC. */
export const startUp: BenchCase = singleProcessCase({
  name: 'start-up',
  title: 'from the start of the process to its first message',
  program: 'start-up',
  channel: 'aeron:ipc?term-length=64k',
  streams: 1,
  variants: [
    {
      name: 'first-message',
      metrics: [
        { key: 'runtimeMs', title: 'process to main program', unit: 'ms', better: 'less' },
        { key: 'connectMs', title: 'main program to first message', unit: 'ms', better: 'less' },
      ],
    },
  ],
  evaluate: ({ values }, startedAtMs) => {
    const mainAtMs = values['mainAtMs'] ?? Number.NaN
    const messageAtMs = values['messageAtMs'] ?? Number.NaN
    return { values: { runtimeMs: mainAtMs - startedAtMs, connectMs: messageAtMs - mainAtMs } }
  },
})
