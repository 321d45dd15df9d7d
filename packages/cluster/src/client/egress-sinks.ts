import { Action, type Header } from '@x/client'
import { SessionMessageHeaderDecoder } from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import type { ResolvedAeronClusterOptions } from './aeron-cluster-options.ts'
import type { EgressSink } from './egress-adapter.ts'
import type { EgressEvents, NewLeader, SessionEvent } from './egress-listener.ts'

/** What the client itself does about events, before its listener is told. */
export interface SessionEventHandler {
  onSessionEvent(event: SessionEvent): void
  onNewLeader(event: NewLeader, header: Header): void
}

/** Hands the egress on to the `egressListener` of the options. */
export function egressSink(
  clusterSessionId: bigint,
  options: ResolvedAeronClusterOptions,
  handler: SessionEventHandler,
): EgressSink {
  const listener = options.egressListener
  return {
    ...eventSink(clusterSessionId, options, handler, listener),
    onSessionMessage(id, timestamp, buffer, offset, length, header) {
      if (listener === undefined) throw listenerMissing('egressListener', clusterSessionId)
      listener.onMessage(id, timestamp, buffer, offset, length, header)
      return Action.CONTINUE
    },
  }
}

/** Hands the egress on to the `controlledEgressListener` of the options. */
export function controlledEgressSink(
  clusterSessionId: bigint,
  options: ResolvedAeronClusterOptions,
  handler: SessionEventHandler,
): EgressSink {
  const listener = options.controlledEgressListener
  return {
    ...eventSink(clusterSessionId, options, handler, listener),
    onSessionMessage(id, timestamp, buffer, offset, length, header) {
      if (listener === undefined) throw listenerMissing('controlledEgressListener', clusterSessionId)
      return listener.onMessage(id, timestamp, buffer, offset, length, header)
    },
  }
}

function eventSink(
  clusterSessionId: bigint,
  options: ResolvedAeronClusterOptions,
  handler: SessionEventHandler,
  listener: EgressEvents | undefined,
): Omit<EgressSink, 'onSessionMessage'> {
  const extension = options.egressExtensionListener
  return {
    onSessionEvent(event) {
      handler.onSessionEvent(event)
      listener?.onSessionEvent?.(event)
    },
    onNewLeader(event, header) {
      handler.onNewLeader(event, header)
      listener?.onNewLeader?.(event)
    },
    onAdminResponse(response) {
      listener?.onAdminResponse?.(response)
    },
    onOtherSchema(messageHeader, buffer, offset, length) {
      const { blockLength, templateId, schemaId, version } = messageHeader
      if (extension === undefined) {
        throw new ClusterError(
          'EGRESS_NOT_HANDLED',
          `Cannot take a message from the egress: its schema id is ${schemaId}, and there is no egressExtensionListener for others than the cluster's`,
          { clusterSessionId, schemaId, templateId },
        )
      }
      return extension.onExtensionMessage(blockLength, templateId, schemaId, version, buffer, offset, length)
    },
  }
}

function listenerMissing(option: string, clusterSessionId: bigint): ClusterError {
  return new ClusterError(
    'EGRESS_NOT_HANDLED',
    `Cannot take a message from the egress: the option ${option} must be given for this way to poll`,
    {
      clusterSessionId,
      schemaId: SessionMessageHeaderDecoder.SCHEMA_ID,
      templateId: SessionMessageHeaderDecoder.TEMPLATE_ID,
    },
  )
}
