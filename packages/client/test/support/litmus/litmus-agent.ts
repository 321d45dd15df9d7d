// One of two agents, as a process or a worker thread: <file> <role 0 or 1>
import { AtomicBuffer } from '@x/atomic'
import { mapExistingFile } from '@x/mmap'
import { workerData } from 'node:worker_threads'
import { LITMUS_CASES, REGION_LENGTH } from './litmus-cases.ts'
import { BARRIER_OFFSET, violationsOffset } from './litmus-layout.ts'

const [path = '', roleText] = (workerData ?? process.argv.slice(2)) as string[]
const role = Number(roleText)
using file = mapExistingFile(path)
const control = AtomicBuffer.wrap(file.memory, 0, 4096)
for (const [i, { run, rounds }] of LITMUS_CASES.entries()) {
  const region = AtomicBuffer.wrap(file.memory, 4096 + i * REGION_LENGTH, REGION_LENGTH)
  // Both start together: spinning, because a wait would set one of them back.
  control.getAndAddInt32(BARRIER_OFFSET, 1)
  while (control.getInt32Acquire(BARRIER_OFFSET) < 2 * (i + 1)) {}
  control.putInt32(violationsOffset(i, role), run(role, region, rounds))
}
