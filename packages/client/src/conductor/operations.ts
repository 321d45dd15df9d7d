import { AeronError } from '../aeron-error.ts'
import { checkChannel } from '../channel/channel-uri.ts'
import { Command } from '../command/control-protocol-events.ts'
import { MAX_REJECT_REASON_LENGTH } from '../command/reject-image-flyweight.ts'
import {
  DESTINATION_BY_ID_SINCE,
  isAtLeast,
  readDriverVersion,
  REJECT_IMAGE_SINCE,
  REJECT_IPC_IMAGE_SINCE,
  requireDriverVersion,
} from '../driver/driver-version.ts'
import type { Image } from '../subscription/image.ts'
import type { Publication } from '../publication/publication.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { ClientConductor } from './client-conductor.ts'
import { Registration } from './registration.ts'
import { SentCommand } from './sent-command.ts'

/** Number that the command to remove a destination by its id had before 1.47. */
const REMOVE_DESTINATION_BY_ID_BEFORE_1_47: number = Command.REJECT_IMAGE

/** What publications, subscriptions and images ask of the driver while they are open. Each command gives its correlation id. */
export class Operations {
  readonly #conductor: ClientConductor
  readonly #onSent: () => void

  /** @param onSent called after each command, so that what drives the conductor looks for the answer soon */
  constructor(conductor: ClientConductor, onSent: () => void) {
    this.#conductor = conductor
    this.#onSent = onSent
  }

  /** Takes an error that nobody waits for. */
  reportError(error: unknown): void {
    this.#conductor.state.errors.report(error)
  }

  addDestination(to: Publication | Subscription, channel: string): SentCommand<bigint> {
    checkChannel(channel)
    return this.#send(to, `add the destination "${channel}"`, (proxy) =>
      isPublication(to)
        ? proxy.changeDestination(Command.ADD_DESTINATION, to.originalRegistrationId, channel)
        : proxy.changeDestination(Command.ADD_RCV_DESTINATION, to.registrationId, channel),
    )
  }

  removeDestination(from: Publication | Subscription, channel: string): SentCommand<bigint> {
    checkChannel(channel)
    return this.#send(from, `remove the destination "${channel}"`, (proxy) =>
      isPublication(from)
        ? proxy.changeDestination(Command.REMOVE_DESTINATION, from.originalRegistrationId, channel)
        : proxy.changeDestination(Command.REMOVE_RCV_DESTINATION, from.registrationId, channel),
    )
  }

  removeDestinationById(from: Publication, destinationId: bigint): SentCommand<bigint> {
    const { countersReader } = this.#conductor.state
    const action = `remove the destination ${destinationId}`
    requireDriverVersion(countersReader, action, DESTINATION_BY_ID_SINCE)
    const typeId = isAtLeast(readDriverVersion(countersReader), REJECT_IMAGE_SINCE)
      ? Command.REMOVE_DESTINATION_BY_ID
      : REMOVE_DESTINATION_BY_ID_BEFORE_1_47
    return this.#send(from, action, (proxy) =>
      proxy.removeDestinationById(typeId, from.originalRegistrationId, destinationId),
    )
  }

  rejectImage(image: Image, reason: string): SentCommand<bigint> {
    const { countersReader } = this.#conductor.state
    const { channel } = image.subscription
    const action = `reject image ${image.correlationId}`
    if (channel.startsWith('aeron-spy:')) {
      throw new TypeError(`Cannot ${action}: the subscription must not be a spy, its channel is "${channel}"`)
    }
    checkReason(action, reason)
    const isIpc = channel.startsWith('aeron:ipc')
    requireDriverVersion(countersReader, action, isIpc ? REJECT_IPC_IMAGE_SINCE : REJECT_IMAGE_SINCE)
    return this.#send(image, action, (proxy) =>
      proxy.rejectImage(image.correlationId, image.position, reason),
    )
  }

  #send(
    by: Publication | Subscription | Image,
    action: string,
    send: (proxy: ClientConductor['state']['proxy']) => bigint,
  ): SentCommand<bigint> {
    const { state } = this.#conductor
    this.#conductor.checkActive()
    if (by.isClosed) {
      const registrationId = 'registrationId' in by ? by.registrationId : by.correlationId
      throw new AeronError(
        'RESOURCE_CLOSED',
        `Cannot ${action}: what it is for must be open, but ${registrationId} is closed`,
        { registrationId },
      )
    }
    const correlationId = send(state.proxy)
    const deadlineMs = state.nowMs() + state.options.driverTimeoutMs
    const registration = new Registration(correlationId, action, deadlineMs, () => correlationId)
    state.operations.add(registration)
    this.#onSent()
    return new SentCommand(registration, this.#conductor, () => state.operations.cancel(correlationId))
  }
}

function isPublication(resource: Publication | Subscription): resource is Publication {
  return 'originalRegistrationId' in resource
}

function checkReason(action: string, reason: string): void {
  if (reason.length <= MAX_REJECT_REASON_LENGTH && !/[^ -~]/u.test(reason)) return
  throw new RangeError(
    `Cannot ${action}: the reason must be printable ASCII of at most ${MAX_REJECT_REASON_LENGTH} characters, current length is ${reason.length}`,
  )
}
