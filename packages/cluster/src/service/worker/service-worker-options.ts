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

/** The options of a container that can be passed to another thread: all except service, client, handlers and clocks. */
export interface PortableContainerOptions extends Omit<ContainerOptions, NotPortable> {
  /** How to connect to the member's archive, for snapshots. @default its local control channel */
  readonly archive?: Omit<ServiceArchiveOptions, 'credentialsSupplier'>
}

/** Options for running a service in a worker thread. */
export interface ServiceWorkerOptions extends PortableContainerOptions {
  /** Passed to `createService` in the worker, as a structured clone. */
  readonly data?: unknown
  /** Idle strategy of the worker, by Agrona's alias: spin, yield, backoff, sleep-ns, sleep-ms, noop. @default 'backoff' */
  readonly idleStrategy?: string
  /**
   * Called on this thread with each error of the container, after it was counted and recorded in the mark file. What it throws itself is recorded there too, and
   * has no other effect. @default nothing more is done
   */
  readonly errorHandler?: (error: Error) => void
  /** Aborts the launch. */
  readonly signal?: AbortSignal
}

/** What is passed to the worker's module. */
export interface ServiceWorkerContext<T = unknown> {
  /** The option `data`. */
  readonly data: T
  /** For messages to and from the thread that launched the worker; served between slices of the container's loop. */
  readonly port: MessagePort
}

/** The function that the worker's module must export as `createService`. It may be asynchronous; the callbacks of the service must not be. */
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
