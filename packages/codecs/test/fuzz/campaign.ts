import { runCase } from './decoder-case.ts'
import { runDispatchCase } from './dispatch-case.ts'
import { decodersOf } from './decoder-case.ts'
import { DECODERS, PROTOCOLS } from './protocols.ts'

// The slow campaign: pnpm --filter @x/codecs test:slow [cases [seed]]. Ten million cases take about a quarter of an hour.

Error.stackTraceLimit = 0
const [cases = '10000000', seed = String(Date.now() % 0x7fffffff)] = process.argv.slice(2)
const total = Number(cases)
process.stdout.write(`${total} cases, seed ${seed}\n`)

const decoders = DECODERS.map((decoderClass) => [decoderClass, new decoderClass()] as const)
const dispatchers = PROTOCOLS.map(({ door, Dispatcher }) => {
  const templates = decodersOf(door)
  const ids = [...templates.map(({ TEMPLATE_ID }) => TEMPLATE_ID), 60_000]
  return { dispatcher: new Dispatcher(), schemaId: templates[0]?.SCHEMA_ID ?? 0, ids }
})

const started = performance.now()
let done = 0
let accepted = 0
for (let round = 0; done < total; round++) {
  const caseSeed = (Number(seed) + round) % 0x7fffffff
  for (const [decoderClass, decoder] of decoders) {
    if (runCase(decoderClass, decoder, caseSeed)) accepted++
  }
  for (const { dispatcher, schemaId, ids } of dispatchers) {
    if (runDispatchCase(dispatcher, schemaId, ids, caseSeed)) accepted++
  }
  done += decoders.length + dispatchers.length
  if (round % 5_000 === 4_999) report()
}
report()

function report(): void {
  const seconds = Math.round((performance.now() - started) / 1_000)
  process.stdout.write(`${done} cases in ${seconds} s, ${accepted} accepted, no fault\n`)
}
