import { expect, test } from 'vitest'
import { javaArguments } from './java-command.ts'
import type { RunDirectory } from './run-directory.ts'

test('javaArguments() puts flags and properties before the class, and arguments behind it', () => {
  const start = {
    name: 'tool',
    mainClass: 'a.Tool',
    args: ['dir', 'list'],
    properties: { 'aeron.dir': '/d', 'aeron.x': 'y z' },
    runDirectory: {} as RunDirectory,
  }
  expect(javaArguments(start, ['/own', '/aeron.jar'], ['-Xmx1m'])).toEqual([
    '-Xmx1m',
    '-Daeron.dir=/d',
    '-Daeron.x=y z',
    '-cp',
    '/own:/aeron.jar',
    'a.Tool',
    'dir',
    'list',
  ])
})
