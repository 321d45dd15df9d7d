import type { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import type { ErrorResponseFlyweight } from '../command/error-response-flyweight.ts'
import type { ImageBuffersReadyFlyweight } from '../command/image-buffers-ready-flyweight.ts'
import type { ImageMessageFlyweight } from '../command/image-message-flyweight.ts'
import type { OperationSuccessFlyweight } from '../command/operation-success-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import type { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'

/** What the client must answer to. Events are good during the call only; they reach every client, so each looks for its own ids. */
export interface DriverEventsListener {
  onPublicationReady(event: PublicationBuffersReadyFlyweight): void
  onSubscriptionReady(event: SubscriptionReadyFlyweight): void
  onAvailableImage(event: ImageBuffersReadyFlyweight): void
  onUnavailableImage(event: ImageMessageFlyweight): void
  onCounterReady(event: CounterUpdateFlyweight): void
  onUnavailableCounter(event: CounterUpdateFlyweight): void
  onOperationSuccess(event: OperationSuccessFlyweight): void
  onError(event: ErrorResponseFlyweight): void
  onClientTimeout(clientId: bigint): void
}
