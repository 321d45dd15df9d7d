import type { AtomicBuffer } from '@x/atomic'
import type { Header } from '@x/client'
import type { EgressListener } from './client/egress-listener.ts'
import { ClusterError } from './cluster-error.ts'
import type { ClientSession } from './service/client-session.ts'
import type { ClusteredService } from './service/clustered-service.ts'

/** The `MessageDispatcher` that `@x/sbe-tool` generates from a schema. `H` is the type `MessageHandlers` that is generated with it. */
export interface GeneratedDispatcher<H extends object> {
  /** Decodes the message at `offset`, whose SBE header and body are `length` bytes, and calls its handler. @returns whether its template is known */
  dispatch(buffer: AtomicBuffer, offset: number, length: number, handlers: H): boolean
}

/**
 * The handlers of a generated dispatcher, with a second parameter: the context of the message. Decoder and context are reused, and therefore valid only during
 * the call.
 */
export type RoutedHandlers<H, C> = {
  readonly [K in keyof H]?: NonNullable<H[K]> extends (message: infer M, ...more: never[]) => void
    ? (message: M, context: C) => void
    : never
}

/** Context of a message in the log of a cluster: the other parameters of `onSessionMessage`. */
export interface SessionMessageContext {
  /** Session that sent the message; undefined for a message of a service. */
  readonly session: ClientSession | undefined
  /** Cluster time of the message, in the cluster's time unit. */
  readonly timestamp: bigint
  /** Header of the log entry. */
  readonly header: Header
}

/** Context of a message from a service: the other parameters of `onMessage` of an egress listener. */
export interface EgressMessageContext {
  /** Id of the client's own session. */
  readonly clusterSessionId: bigint
  /** Cluster time at which the service sent the message, in the cluster's time unit. */
  readonly timestamp: bigint
  /** Header of the egress message. */
  readonly header: Header
}

/** The fields of a generated message header that an error names. */
interface MessageHeader {
  readonly schemaId: number
  readonly templateId: number
  readonly version: number
}

/**
 * Creates an `onSessionMessage` for a service that decodes each message in place and calls the handler of its template.
 *
 * - A message whose template has no handler is ignored.
 * - A message of an unknown schema or template is passed to `onUnknownTemplate`. If there is no such handler, the callback throws a ClusterError MESSAGE_NOT_ROUTED.
 * - What a handler throws, and the RangeError for a message that is too short, is thrown by the callback.
 *
 * `handlers` may be an object literal or an instance of a class, also the service itself; methods are called on it. Routing allocates nothing for a message.
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

/** Creates an `onMessage` for an egress listener, which works like that of {@link routeSessionMessages}. */
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

/** The handlers in the form that the generated dispatcher calls. They share one context object, so that routing allocates nothing. */
function bind<H extends object, C>(handlers: RoutedHandlers<H, C>, context: C): H {
  const bound: Record<string, (message: never) => void> = { onUnknownTemplate: refuse }
  for (const name of handlerNames(handlers)) {
    const methods = handlers as Record<string, (message: unknown, context: C) => void>
    bound[name] = (message) => methods[name]?.(message, context)
  }
  return bound as H
}

// The methods of a class are on its prototype.
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
