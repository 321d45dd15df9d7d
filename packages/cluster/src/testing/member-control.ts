import { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Subscription } from '@x/client'
import {
  BooleanType,
  JoinLogEncoder,
  MessageHeaderEncoder,
  ServiceTerminationPositionEncoder,
} from '@x/codecs/cluster'
import type { ActiveLogEvent } from '../service/active-log-event.ts'
import { MemoryStream } from './memory-stream.ts'
import { PublicationScript } from './publication-script.ts'

const TERM_LENGTH = 65_536
const MTU_LENGTH = 1_408
const ROOM = 512
const WITHOUT_END = 2n ** 63n - 1n

/** What a consensus module tells its service, on the control stream. */
export class MemberControl {
  /** Where the container reads it. */
  readonly subscription: Subscription
  readonly #publication: ExclusivePublication

  constructor(channel: string, streamId: number, sessionId: number) {
    const stream = new MemoryStream({
      channel,
      streamId,
      sessionId,
      termLength: TERM_LENGTH,
      mtuLength: MTU_LENGTH,
    })
    this.#publication = stream.exclusive(new PublicationScript())
    this.subscription = stream.subscribe()
  }

  joinLog(event: ActiveLogEvent): void {
    const isEndless = event.maxLogPosition === Number.MAX_SAFE_INTEGER
    this.#send((buffer, header) => {
      return new JoinLogEncoder()
        .wrapAndApplyHeader(buffer, 0, header)
        .logPosition(event.logPosition)
        .maxLogPosition(isEndless ? WITHOUT_END : BigInt(event.maxLogPosition))
        .memberId(event.memberId)
        .logSessionId(event.logSessionId)
        .logStreamId(event.logStreamId)
        .isStartup(event.isStartup ? BooleanType.TRUE : BooleanType.FALSE)
        .role(event.role)
        .isStandby(event.isStandby ? BooleanType.TRUE : BooleanType.FALSE)
        .logChannel(event.logChannel).encodedLength
    })
  }

  terminate(logPosition: number): void {
    this.#send((buffer, header) => {
      return new ServiceTerminationPositionEncoder()
        .wrapAndApplyHeader(buffer, 0, header)
        .logPosition(logPosition)
        .ackRequired(BooleanType.TRUE).encodedLength
    })
  }

  #send(encode: (buffer: AtomicBuffer, header: MessageHeaderEncoder) => number): void {
    const buffer = AtomicBuffer.allocate(ROOM)
    const length = MessageHeaderEncoder.ENCODED_LENGTH + encode(buffer, new MessageHeaderEncoder())
    // The container has read the message before: there is room, but the end of a term takes a second attempt.
    while (this.#publication.offer(buffer, 0, length) < 0);
  }
}
