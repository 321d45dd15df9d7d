import type { AtomicBuffer } from '@x/atomic'
import type { Header } from '@x/client'
import type { EgressListener } from './client/egress-listener.ts'
import { ClusterError } from './cluster-error.ts'
import type { ClientSession } from './service/client-session.ts'
import type { ClusteredService } from './service/clustered-service.ts'

/** The `MessageDispatcher` that `@x/sbe-tool` generates for a schema; `H` is its `MessageHandlers`. */
export interface GeneratedDispatcher<H extends object> {
  dispatch(buffer: AtomicBuffer, offset: number, length: number, handlers: H): boolean
}

/**
 * The handlers of a generated dispatcher, told with each message where it comes from. The decoder and the context are valid during the call
 * only.
 */
export type RoutedHandlers<H, C> = {
  readonly [K in keyof H]?: NonNullable<H[K]> extends (message: infer M, ...more: never[]) => void
    ? (message: M, context: C) => void
    : never
}

/** Where a message in the log of a cluster comes from: what `onSessionMessage` was told. */
export interface SessionMessageContext {
  /** The session that has sent it; undefined for a message of a service. */
  readonly session: ClientSession | undefined
  /** Cluster time. */
  readonly timestamp: bigint
  /** Header of the log entry. */
  readonly header: Header
}

/** Where a message of a service comes from: what `onMessage` of an egress listener was told. */
export interface EgressMessageContext {
  readonly clusterSessionId: bigint
  /** Cluster time at which the service sent it. */
  readonly timestamp: bigint
  readonly header: Header
}

/** What every generated header can tell. */
interface MessageHeader {
  readonly schemaId: number
  readonly templateId: number
  readonly version: number
}

/**
 * An `onSessionMessage` that hands each message to the handler of its template, decoded in place. A message of a schema or template that the
 * dispatcher does not know goes to `onUnknownTemplate`; without it, it is an error of the callback, MESSAGE_NOT_ROUTED. One that is known and
 * has no handler is passed over. Handlers may be methods of an object, also of the service itself.
 */
export function routeSessionMessages<H extends object>(
  dispatcher: GeneratedDispatcher<H>,
  handlers: RoutedHandlers<H, SessionMessageContext>,
): ClusteredService['onSessionMessage'] {
  const context: Mutable<Partial<SessionMessageContext>> = {}
  const bound = bind<H, SessionMessageContext>(handlers, context as SessionMessageContext)
  return (session, timestamp, buffer, offset, length, header) => {
    context.session = session
    context.timestamp = timestamp
    context.header = header
    dispatcher.dispatch(buffer, offset, length, bound)
  }
}

/** An `onMessage` for an egress listener, as {@link routeSessionMessages} is one for a service. */
export function routeEgressMessages<H extends object>(
  dispatcher: GeneratedDispatcher<H>,
  handlers: RoutedHandlers<H, EgressMessageContext>,
): EgressListener['onMessage'] {
  const context: Mutable<Partial<EgressMessageContext>> = {}
  const bound = bind<H, EgressMessageContext>(handlers, context as EgressMessageContext)
  return (clusterSessionId, timestamp, buffer, offset, length, header) => {
    context.clusterSessionId = clusterSessionId
    context.timestamp = timestamp
    context.header = header
    dispatcher.dispatch(buffer, offset, length, bound)
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The handlers in the generated form, made once: one context serves all messages, so that routing allocates nothing. */
function bind<H extends object, C>(handlers: RoutedHandlers<H, C>, context: C): H {
  const bound: Record<string, (message: never) => void> = { onUnknownTemplate: refuse }
  for (const name of handlerNames(handlers)) {
    const methods = handlers as Record<string, (message: unknown, context: C) => void>
    bound[name] = (message) => methods[name]?.(message, context)
  }
  return bound as H
}

// Also those of a class, which are on its prototype.
function handlerNames(handlers: object): Set<string> {
  const names = new Set<string>()
  for (
    let at: unknown = handlers;
    at instanceof Object && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) if (name.startsWith('on')) names.add(name)
  }
  return names
}

function refuse({ schemaId, templateId, version }: MessageHeader): never {
  throw new ClusterError(
    'MESSAGE_NOT_ROUTED',
    `Cannot route a message: its template must be known to the dispatcher, current template is ${templateId} of schema ${schemaId}, ` +
      `version ${version}`,
    { schemaId, templateId, version },
  )
}
