import { expect, test } from 'vitest'
import { machineMarkdown } from './machine.ts'
import type { Machine } from './machine.ts'

const MACHINE: Machine = {
  node: 'v20.20.2',
  v8: '11.3',
  jdk: '17.0.15',
  go: 'go1.26.8 linux/amd64',
  aeron: '1.51.0',
  cpu: 'A Processor',
  cores: 2,
  memoryGiB: 24,
  kernel: 'Linux 6.18',
  date: '2026-11-27T21:00:00.000Z',
  loadBefore: 0.3,
}

test('versions and machine are three lines', () => {
  expect(machineMarkdown(MACHINE)).toBe(
    `- Node.js v20.20.2 (V8 11.3), JDK 17.0.15, Go go1.26.8 linux/amd64, Aeron 1.51.0
- 2 cores of A Processor, 24 GiB, Linux 6.18
- 2026-11-27T21:00:00.000Z, load average before the run 0.3`,
  )
})

test('a machine that was busy is called so', () => {
  expect(machineMarkdown({ ...MACHINE, loadBefore: 12 })).toContain('12.0: **the machine was busy')
})
