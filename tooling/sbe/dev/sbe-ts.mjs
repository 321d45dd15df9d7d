#!/usr/bin/env node
// The command in this workspace: it runs from source, also on Node.js 20. What is published runs dist/bin.js.
import { register } from 'tsx/esm/api'

register()
const { run } = await import('../src/cli.ts')
process.exitCode = run(process.argv.slice(2))
