import type { AtomicBuffer } from '@x/atomic'
import { BroadcastReceiver, type BroadcastMessageHandler, CopyBroadcastReceiver } from '@x/atomic/broadcast'
import { ClientTimeoutFlyweight } from '../command/client-timeout-flyweight.ts'
import { DriverEvent } from '../command/control-protocol-events.ts'
import { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import { ErrorResponseFlyweight } from '../command/error-response-flyweight.ts'
import { ImageBuffersReadyFlyweight } from '../command/image-buffers-ready-flyweight.ts'
import { ImageMessageFlyweight } from '../command/image-message-flyweight.ts'
import { NextAvailableSessionIdFlyweight } from '../command/next-available-session-id-flyweight.ts'
import { OperationSucceededFlyweight } from '../command/operation-succeeded-flyweight.ts'
import { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import { PublicationErrorFlyweight } from '../command/publication-error-flyweight.ts'
import { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'
import type { DriverEventsListener } from './driver-events-listener.ts'

/** Events in: decodes each by its type and tells the listener. Source: Aeron's `DriverEventsAdapter`. */
export class DriverEventsAdapter {
  readonly #receiver: CopyBroadcastReceiver
  readonly #listener: DriverEventsListener
  readonly #publicationReady = new PublicationBuffersReadyFlyweight()
  readonly #subscriptionReady = new SubscriptionReadyFlyweight()
  readonly #imageReady = new ImageBuffersReadyFlyweight()
  readonly #image = new ImageMessageFlyweight()
  readonly #counter = new CounterUpdateFlyweight()
  readonly #error = new ErrorResponseFlyweight()
  readonly #operationSucceeded = new OperationSucceededFlyweight()
  readonly #publicationError = new PublicationErrorFlyweight()
  readonly #nextSessionId = new NextAvailableSessionIdFlyweight()
  readonly #clientTimeout = new ClientTimeoutFlyweight()

  /** @param toClients the broadcast buffer; events from now on are received */
  constructor(toClients: AtomicBuffer, listener: DriverEventsListener) {
    this.#receiver = new CopyBroadcastReceiver(new BroadcastReceiver(toClients))
    this.#listener = listener
  }

  /**
   * Handles at most one event and gives how many there were.
   *
   * @throws BroadcastLappedError when events were overwritten before they were read
   */
  receive(): number {
    return this.#receiver.receive(this.#onEvent)
  }

  readonly #onEvent: BroadcastMessageHandler = (typeId, buffer, offset) => {
    switch (typeId) {
      case DriverEvent.ON_ERROR:
        this.#listener.onError(this.#error.wrap(buffer, offset))
        break
      case DriverEvent.ON_AVAILABLE_IMAGE:
        this.#listener.onAvailableImage(this.#imageReady.wrap(buffer, offset))
        break
      case DriverEvent.ON_PUBLICATION_READY:
      case DriverEvent.ON_EXCLUSIVE_PUBLICATION_READY:
        this.#listener.onPublicationReady(this.#publicationReady.wrap(buffer, offset))
        break
      case DriverEvent.ON_UNAVAILABLE_IMAGE:
        this.#listener.onUnavailableImage(this.#image.wrap(buffer, offset))
        break
      case DriverEvent.ON_SUBSCRIPTION_READY:
        this.#listener.onSubscriptionReady(this.#subscriptionReady.wrap(buffer, offset))
        break
      case DriverEvent.ON_COUNTER_READY:
        this.#listener.onCounterReady(this.#counter.wrap(buffer, offset))
        break
      case DriverEvent.ON_UNAVAILABLE_COUNTER:
        this.#listener.onUnavailableCounter(this.#counter.wrap(buffer, offset))
        break
      case DriverEvent.ON_OPERATION_SUCCESS:
        this.#listener.onOperationSuccess(this.#operationSucceeded.wrap(buffer, offset))
        break
      case DriverEvent.ON_STATIC_COUNTER:
        this.#listener.onStaticCounter(this.#counter.wrap(buffer, offset))
        break
      case DriverEvent.ON_PUBLICATION_ERROR:
        this.#listener.onPublicationError(this.#publicationError.wrap(buffer, offset))
        break
      case DriverEvent.ON_NEXT_AVAILABLE_SESSION_ID:
        this.#listener.onNextAvailableSessionId(this.#nextSessionId.wrap(buffer, offset))
        break
      case DriverEvent.ON_CLIENT_TIMEOUT:
        this.#listener.onClientTimeout(this.#clientTimeout.wrap(buffer, offset).clientId)
        break
      default:
      // Newer drivers send events that this version does not know, to every client.
    }
  }
}
