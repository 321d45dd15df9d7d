// Starts the thread from source, on every Node.js that is supported.
import { register } from 'tsx/esm/api'

register()
await import('../src/service/worker/service-worker-main.ts')
