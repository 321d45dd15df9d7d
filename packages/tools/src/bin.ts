#!/usr/bin/env node
import { run } from './cli.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who reads a pipe may have enough of it, as head has.
  if (error.code !== 'EPIPE') throw error
})
process.exitCode = await run(process.argv.slice(2))
