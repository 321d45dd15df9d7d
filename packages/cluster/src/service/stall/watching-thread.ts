import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { startPackageThread } from '@x/client/internal'
import { ClusterError } from '../../cluster-error.ts'
import type { ActivityBoard } from './activity-board.ts'

/** What the watching thread is told of a container. */
export interface WatchedContainer {
  readonly memory: SharedArrayBuffer
  readonly markFilePath: string
  readonly errorBufferLength: number
  readonly serviceId: number
  readonly thresholdMs: number
  readonly clientLivenessTimeoutMs: number
}

/** What the thread is started with. */
export interface WatchingThreadData {
  /** One int32 that changes whenever there is something to look at. */
  readonly control: SharedArrayBuffer
  readonly port: MessagePort
}

interface WatchingThread {
  readonly port: MessagePort
  readonly control: Int32Array
  /** Told when it fails: one for each container that it watches. */
  readonly failed: Map<SharedArrayBuffer, (error: unknown) => void>
}

// One for all containers of this thread, from the first one on: it is parked while there is none, and does not keep the process alive.
let thread: WatchingThread | undefined

/** Has a container watched until its board says that it has stopped. `onError` is told when the watching thread fails. */
export function watchContainer(container: WatchedContainer, onError: (error: unknown) => void): void {
  thread ??= startThread()
  thread.failed.set(container.memory, onError)
  thread.port.postMessage(container)
  wakeThread()
}

/** The container has ended: the watching thread lets go of its mark file. */
export function unwatchContainer(board: ActivityBoard): void {
  board.stop()
  thread?.failed.delete(board.memory)
  wakeThread()
}

function wakeThread(): void {
  if (thread === undefined) return
  Atomics.add(thread.control, 0, 1)
  Atomics.notify(thread.control, 0)
}

function startThread(): WatchingThread {
  const control = new SharedArrayBuffer(4)
  const { port1, port2 } = new MessageChannel()
  port1.unref()
  const data: WatchingThreadData = { control, port: port2 }
  const worker = startPackageThread(
    {
      action: 'watch the container for stalls',
      packageName: '@x/cluster',
      callerUrl: import.meta.url,
      built: './watching-thread-main.js',
      source: '../../../dev/watching-thread.mjs',
    },
    { workerData: data, transferList: [port2], name: 'aeron-cluster-watch' },
    (message, context) => new ClusterError('THREAD_FILE_MISSING', message, context),
  )
  worker.unref()
  const failed: WatchingThread['failed'] = new Map()
  const started: WatchingThread = { port: port1, control: new Int32Array(control), failed }
  worker.once('error', (error) => {
    if (thread === started) thread = undefined
    for (const onError of failed.values()) onError(error)
  })
  return started
}
