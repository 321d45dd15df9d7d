import {
  MessageDispatcher,
  MessageHeaderDecoder,
  SessionMessageHeaderDecoder,
  type MessageHandlers,
} from '@x/codecs/cluster'
import type { ServiceAck } from '../service/consensus-module-proxy.ts'
import type { Effect } from './effect.ts'

const MESSAGE_OFFSET: number = MessageHeaderDecoder.ENCODED_LENGTH + SessionMessageHeaderDecoder.BLOCK_LENGTH

/** What a container sends to its consensus module. */
export interface ControlEvents {
  onAck(ack: ServiceAck): void
  onEffect(effect: Effect): void
}

/** Reads what a container sends to its consensus module. */
export class ControlReader {
  readonly #dispatcher = new MessageDispatcher()
  readonly #handlers: MessageHandlers
  #message: Uint8Array = new Uint8Array()

  constructor(events: ControlEvents) {
    this.#handlers = {
      onServiceAck: ({ logPosition, timestamp, ackId, relevantId, serviceId }) =>
        events.onAck({ logPosition: Number(logPosition), timestamp, ackId, relevantId, serviceId }),
      onScheduleTimer: ({ correlationId, deadline }) =>
        events.onEffect({ kind: 'schedule-timer', correlationId, deadline }),
      onCancelTimer: ({ correlationId }) => events.onEffect({ kind: 'cancel-timer', correlationId }),
      onCloseSession: ({ clusterSessionId }) => events.onEffect({ kind: 'close-session', clusterSessionId }),
      onSessionMessageHeader: () =>
        events.onEffect({ kind: 'service-message', payload: this.#message.subarray(MESSAGE_OFFSET) }),
    }
  }

  read(message: Uint8Array): void {
    this.#message = message
    this.#dispatcher.dispatch(message, 0, message.length, this.#handlers)
  }
}
