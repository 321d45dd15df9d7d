import { writeSync } from 'node:fs'
import { END, STEADY } from './marks.ts'

/**
 * Runs a case that is warm, between marks for the engine's own lines, and gives the bytes of heap that a message took. Young garbage is not collected meanwhile:
 * the program is given more room than what it makes needs.
 */
export function countHeap(name: string, messages: number, run: (messages: number) => void): number {
  if (globalThis.gc === undefined) throw new Error('Cannot count the heap: give --expose-gc to Node.js')
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  writeSync(1, `\n${STEADY}${name}\n`)
  run(messages)
  writeSync(1, `\n${END}\n`)
  return (process.memoryUsage().heapUsed - before) / messages
}

/** Prints the bytes of heap per message, by the name of the case. */
export function report(bytes: Readonly<Record<string, number>>): void {
  writeSync(1, `\n${JSON.stringify(bytes)}\n`)
}
