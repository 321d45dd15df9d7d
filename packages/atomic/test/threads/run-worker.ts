import { Worker } from 'node:worker_threads'
import type { Task } from './messages.ts'

/** A worker thread at its task. */
export interface RunningWorker {
  /** Settles when the task is done; rejects when it failed. */
  readonly done: Promise<void>
}

/** Starts a worker, and waits until it runs JavaScript. */
export async function runWorker(task: Task): Promise<RunningWorker> {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: task,
    execArgv: ['--conditions=@x/source'],
  })
  const done = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`Worker ended with ${code}`)))
  })
  await new Promise<void>((resolve) => worker.once('online', () => resolve()))
  return { done }
}
