import type { Agent } from '@x/idlestrategy'
import type { MessagePort } from 'node:worker_threads'
import type { Aeron } from '../aeron.ts'
import type { AeronOptions } from '../aeron-options.ts'

/** The options of a client that can be sent to another thread: all but handlers and clocks. */
export type WorkerAeronOptions = Pick<
  AeronOptions,
  | 'aeronDirectory'
  | 'driverTimeoutMs'
  | 'keepAliveIntervalMs'
  | 'resourceLingerDurationMs'
  | 'closeLingerDurationMs'
  | 'preTouchMappedMemory'
  | 'clientName'
>

/** What to run in the worker thread, and how. */
export interface AeronWorkerOptions {
  /** How the worker's client connects. */
  readonly aeron?: WorkerAeronOptions
  /** Goes to `createAgent` in the worker, as a structured clone. */
  readonly data?: unknown
  /** How the worker waits when there is nothing to do, by Agrona's alias: spin, yield, backoff, sleep-ns, sleep-ms, noop. @default 'backoff' */
  readonly idleStrategy?: string
  /** Ends the worker, also while it starts. */
  readonly signal?: AbortSignal
}

/** What the worker's module gets. */
export interface WorkerContext<T = unknown> {
  /** The worker's own client; the worker's loop drives its conductor. */
  readonly aeron: Aeron
  /** What was given as `data`. */
  readonly data: T
  /** Messages to and from the one who started the worker; looked at between slices of the loop. */
  readonly port: MessagePort
}

/** What the worker's module must export by the name `createAgent`. It may be asynchronous; the agent's turns must not. */
export type CreateAgent<T = unknown> = (context: WorkerContext<T>) => Agent | Promise<Agent>

/** @internal What goes to the worker thread. */
export interface WorkerStart {
  readonly moduleUrl: string
  readonly aeron: WorkerAeronOptions
  readonly data: unknown
  readonly idleStrategy: string
  /** One int32, 1 once the worker is to end; also what an idle worker waits on. */
  readonly stop: SharedArrayBuffer
  readonly control: MessagePort
}
