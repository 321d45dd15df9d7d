import type { MessagePort } from 'node:worker_threads'
import type { ClusteredService } from '../clustered-service.ts'
import type { ContainerOptions } from '../container-options.ts'
import type { MarkFileHolder } from '../mark-file-holder.ts'
import type { ServiceArchiveOptions } from '../service-archive.ts'
import type { PortableTermination, PortableError } from './portable-error.ts'

type NotPortable =
  | 'clusteredService'
  | 'idleStrategy'
  | 'errorHandler'
  | 'terminationHook'
  | 'aeron'
  | 'archive'
  | 'appVersionValidator'
  | 'epochClock'
  | 'nanoClock'

/** The options of a container that can be sent to another thread: all but service, client, handlers and clocks. */
export interface PortableContainerOptions extends Omit<ContainerOptions, NotPortable> {
  /** How to reach the archive of the member, for snapshots. @default its local control channel */
  readonly archive?: Omit<ServiceArchiveOptions, 'credentialsSupplier'>
}

/** How to run a service in a worker thread. */
export interface ServiceWorkerOptions extends PortableContainerOptions {
  /** Goes to `createService` in the worker, as a structured clone. */
  readonly data?: unknown
  /** How the worker waits when there is nothing to do, by Agrona's alias: spin, yield, backoff, sleep-ns, sleep-ms, noop. @default 'backoff' */
  readonly idleStrategy?: string
  /**
   * Told, on this thread, each error of the container, after it was counted and recorded in the mark file. What it throws itself is recorded there too, and
   * stops nothing. @default nothing more is done
   */
  readonly errorHandler?: (error: Error) => void
  /** Gives up the launch. */
  readonly signal?: AbortSignal
}

/** What the worker's module gets. */
export interface ServiceWorkerContext<T = unknown> {
  /** What was given as `data`. */
  readonly data: T
  /** Messages to and from the one who launched the worker; looked at between slices of the container's loop. */
  readonly port: MessagePort
}

/** What the worker's module must export by the name `createService`. It may be asynchronous; the callbacks of the service must not. */
export type CreateService<T = unknown> = (
  context: ServiceWorkerContext<T>,
) => ClusteredService | Promise<ClusteredService>

/** Words of the memory that both threads share. */
export const WorkerWord = {
  /** 1 once the container is to end. */
  STOP: 0,
  /** 1 once it has ended. */
  ENDED: 1,
} as const

/** Bytes of the memory that both threads share. */
export const WORKER_WORDS_LENGTH = 8

/** What goes to the worker thread. */
export interface ServiceWorkerStart {
  readonly moduleUrl: string
  readonly options: PortableContainerOptions
  readonly data: unknown
  readonly idleStrategy: string
  /** The int32 words of {@link WorkerWord}. */
  readonly words: SharedArrayBuffer
  readonly control: MessagePort
}

/** What comes from the worker thread. */
export type ServiceWorkerMessage =
  | { readonly kind: 'opened'; readonly holder: MarkFileHolder }
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly error: PortableError }
  | { readonly kind: 'error'; readonly error: PortableError }
  | { readonly kind: 'terminated'; readonly termination: PortableTermination }

/** What goes to the worker thread later: what the application threw on being told an error. */
export interface ServiceWorkerReport {
  readonly handlerError: PortableError
}
