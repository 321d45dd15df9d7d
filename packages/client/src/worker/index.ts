export { AeronWorker, startAeronWorker } from './aeron-worker.ts'
export type { AeronWorkerOptions, CreateAgent, WorkerAeronOptions, WorkerContext } from './worker-options.ts'
