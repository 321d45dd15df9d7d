import type { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import type { ErrorResponseFlyweight } from '../command/error-response-flyweight.ts'
import type { ImageBuffersReadyFlyweight } from '../command/image-buffers-ready-flyweight.ts'
import type { ImageMessageFlyweight } from '../command/image-message-flyweight.ts'
import type { NextAvailableSessionIdFlyweight } from '../command/next-available-session-id-flyweight.ts'
import type { OperationSucceededFlyweight } from '../command/operation-succeeded-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import type { PublicationErrorFlyweight } from '../command/publication-error-flyweight.ts'
import type { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'

/** What the client must answer to. Events are good during the call only; they reach every client, so each looks for its own ids. */
export interface DriverEventsListener {
  onPublicationReady(event: PublicationBuffersReadyFlyweight): void
  onSubscriptionReady(event: SubscriptionReadyFlyweight): void
  onAvailableImage(event: ImageBuffersReadyFlyweight): void
  onUnavailableImage(event: ImageMessageFlyweight): void
  onCounterReady(event: CounterUpdateFlyweight): void
  onUnavailableCounter(event: CounterUpdateFlyweight): void
  onError(event: ErrorResponseFlyweight): void
  onOperationSuccess(event: OperationSucceededFlyweight): void
  /** The event has the layout of a counter that became ready; its id is that of the command. */
  onStaticCounter(event: CounterUpdateFlyweight): void
  onPublicationError(event: PublicationErrorFlyweight): void
  onNextAvailableSessionId(event: NextAvailableSessionIdFlyweight): void
  onClientTimeout(clientId: bigint): void
}
