import type { SbeBuffer } from '../../src/runtime/index.ts'
import { attempt } from './decoder-case.ts'
import { HostileBytes } from './hostile-bytes.ts'

/** What every generated dispatcher has. */
export interface Dispatcher {
  dispatch(buffer: SbeBuffer, offset: number, length: number, handlers: object): boolean
}

/** The class of a dispatcher. */
export type DispatcherClass = new () => Dispatcher

const MARGIN = 16

/** Handlers of all messages: what each is given is printed. */
class AllHandlers {
  text = ''

  /** Whatever the dispatcher asks for is a handler. */
  readonly handlers: object = new Proxy({}, { get: () => this.#onMessage })

  readonly #onMessage = (message: unknown): void => {
    this.text = String(attempt(() => JSON.stringify(message)))
  }
}

/** Dispatches hostile bytes twice, as runCase. Returns whether schema and template were known. */
export function runDispatchCase(
  dispatcher: Dispatcher,
  schemaId: number,
  templateIds: readonly number[],
  seed: number,
): boolean {
  const random = new HostileBytes(seed)
  const length = random.oneOf(random.upTo(12), 8 + random.upTo(80), 8 + random.upTo(400))
  const offset = MARGIN + random.upTo(3)
  const bytes = new Uint8Array(offset + length + MARGIN)
  random.fill(bytes, offset, offset + length)
  if (length >= 8) {
    const view = new DataView(bytes.buffer, offset)
    view.setUint16(0, random.oneOf(random.upTo(0xffff), random.upTo(120), random.upTo(40)), true)
    view.setUint16(2, templateIds[random.upTo(templateIds.length - 1)] ?? 0, true)
    view.setUint16(4, random.oneOf(schemaId, schemaId, schemaId, random.upTo(0xffff)), true)
    view.setUint16(6, random.upTo(20), true)
  }
  const all = new AllHandlers()
  const run = (buffer: SbeBuffer): string => {
    all.text = ''
    const known = attempt(() => dispatcher.dispatch(buffer, offset, length, all.handlers))
    return `${known}\n${all.text}`
  }
  const first = run(bytes)
  bytes.fill(0xff, 0, offset)
  bytes.fill(0xff, offset + length)
  const second = run(new DataView(bytes.buffer))
  if (first !== second) {
    throw new Error(`the dispatcher reads outside the message, seed ${seed}:\n${first}\n${second}`)
  }
  return first.startsWith('true')
}
