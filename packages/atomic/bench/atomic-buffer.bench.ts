/*
 * The cost of each kind of access, in nanoseconds per operation: pnpm --filter @x/atomic bench [pattern]
 * Each case is a loop of its own, so that no case changes how another is compiled.
 */
import { AtomicBuffer } from '@x/atomic'
import { Bench } from 'tinybench'

const REPEAT = 1000
const buffer = AtomicBuffer.wrap(new ArrayBuffer(8192))
const other = AtomicBuffer.allocate(8192)
const pattern = new RegExp(process.argv[2] ?? '')
let sink = 0

function loop(body: string): () => void {
  // Made from text: a body passed in as a function would share one call site, and measure the call.
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function(
    'buffer',
    'other',
    'source',
    'whole',
    `let sum = 0; for (let i = 0; i < ${REPEAT}; i++) { ${body}\n } return sum`,
  ) as (a: AtomicBuffer, b: AtomicBuffer, c: Uint8Array, d: Uint8Array) => number
  const source = new Uint8Array(8192)
  const whole = new Uint8Array(Number(/\d+$/.exec(body)?.[0] ?? 32))
  return () => {
    sink += run(buffer, other, source, whole)
  }
}

const cases: Record<string, string> = {
  getInt32: 'sum += buffer.getInt32((i & 127) * 4)',
  putInt32: 'buffer.putInt32((i & 127) * 4, i)',
  getInt32Acquire: 'sum += buffer.getInt32Acquire((i & 127) * 4)',
  putInt32Release: 'buffer.putInt32Release((i & 127) * 4, i)',
  getAndAddInt32: 'sum += buffer.getAndAddInt32(0, 1)',
  compareAndSetInt32: 'sum += buffer.compareAndSetInt32(0, 0, 0) ? 1 : 0',
  'getInt64 + Number()': 'sum += Number(buffer.getInt64(1024))',
  getInt64AsNumber: 'sum += buffer.getInt64AsNumber(1024)',
  putInt64FromNumber: 'buffer.putInt64FromNumber(1024, 4294967296 * 3 + i)',
  'getInt64Acquire + Number()': 'sum += Number(buffer.getInt64Acquire(1024))',
  getInt64AsNumberAcquire: 'sum += buffer.getInt64AsNumberAcquire(1024)',
  'putInt64Release + BigInt()': 'buffer.putInt64Release(1024, BigInt(i))',
  putInt64FromNumberRelease: 'buffer.putInt64FromNumberRelease(1032, 4294967296 * 3 + i)',
  getAndAddInt64: 'buffer.getAndAddInt64(2048, 32n)',
}
for (const length of [8, 16, 32, 64, 65, 128, 256, 1024]) {
  cases[`putBytes ${length}, part of a Uint8Array`] = `buffer.putBytes(4096, source, 64, ${length})`
}
for (const length of [32, 64, 128, 129, 1024]) {
  cases[`putBytes ${length}, part of an AtomicBuffer`] = `buffer.putBytes(4096, other, 64, ${length})`
}

for (const length of [16, 17, 32, 64, 1024]) {
  cases[`putBytes ${length}, a whole Uint8Array`] =
    `buffer.putBytes(4096, whole, 0, whole.length) // ${length}`
}
for (const length of [16, 64, 65]) {
  cases[`getBytes ${length}, into a Uint8Array`] = `buffer.getBytes(4096, source, 64, ${length})`
}

const bench = new Bench({ time: 100, warmupTime: 30 })
for (const [name, body] of Object.entries(cases)) if (pattern.test(name)) bench.add(name, loop(body))
await bench.run()
for (const task of bench.tasks) {
  const result = task.result
  const ns = 'latency' in result ? (result.latency.p50 * 1e6) / REPEAT : Number.NaN
  process.stdout.write(`${ns.toFixed(1).padStart(8)} ns  ${task.name}\n`)
}
if (Number.isNaN(sink)) throw new Error('Cannot use the figures: a case has read nonsense')
