import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { countHeap, report } from '../src/program.ts'

// A case that makes an object of 16 bytes or more for each message, one that makes none, and one in which compiled code meets what it was not compiled for.

setFlagsFromString('--allow-natives-syntax')
const prepare = runInThisContext('(f) => %PrepareFunctionForOptimization(f)') as (f: unknown) => void
/** At its next call, however busy the machine is. */
const optimize = runInThisContext('(f) => %OptimizeFunctionOnNextCall(f)') as (f: unknown) => void

const kept: object[] = Array.from({ length: 16 }, () => ({}))
let sink = 0

function make(messages: number): void {
  for (let i = 0; i < messages; i++) kept[i % kept.length] = { i }
}

function count(messages: number): void {
  for (let i = 0; i < messages; i++) sink = (sink + i) | 0
}

function add(to: { readonly value: number }): void {
  sink = (sink + to.value) | 0
}

prepare(add)
for (let i = 0; i < 200; i++) {
  make(10_000)
  count(10_000)
  add({ value: 1 })
}
optimize(add)
add({ value: 1 })

report({
  make: countHeap('make', 100_000, make),
  count: countHeap('count', 100_000, count),
  surprise: countHeap('surprise', 1, () => add({ other: 1, value: 2 } as { value: number })),
})
