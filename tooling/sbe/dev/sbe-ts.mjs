#!/usr/bin/env node
// The command in this workspace: it runs from source, also on Node.js 20. What is published runs dist/bin.js.
import { register } from 'tsx/esm/api'

register()
await import('../src/bin.ts')
