import type { Agent } from '@x/idlestrategy'
import type { MessagePort } from 'node:worker_threads'
import type { Aeron } from '../aeron.ts'
import type { AeronOptions } from '../aeron-options.ts'

/** The options of a client that can be passed to another thread: all except handlers and clocks. */
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

/** Options for running an agent in a worker thread. */
export interface AeronWorkerOptions {
  /** How the worker's client connects. */
  readonly aeron?: WorkerAeronOptions
  /** Passed to `createAgent` in the worker, as a structured clone. */
  readonly data?: unknown
  /** Idle strategy of the worker, by Agrona's alias: spin, yield, backoff, sleep-ns, sleep-ms, noop. @default 'backoff' */
  readonly idleStrategy?: string
  /** Stops the worker, also while it is starting. */
  readonly signal?: AbortSignal
}

/** What is passed to the worker's module. */
export interface WorkerContext<T = unknown> {
  /** The worker's own client; the worker's loop drives its conductor. */
  readonly aeron: Aeron
  /** The option `data`. */
  readonly data: T
  /** For messages to and from the thread that started the worker; served between slices of the loop. */
  readonly port: MessagePort
}

/** The function that the worker's module must export as `createAgent`. It may be asynchronous; the agent's turns must not be. */
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
