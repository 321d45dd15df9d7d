// Node.js 20 starts no worker from TypeScript, whatever its parent runs under.
import { register } from 'tsx/esm/api'

register()
await import('./claiming-worker.ts')
