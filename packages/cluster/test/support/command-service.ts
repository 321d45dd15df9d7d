import type { AtomicBuffer } from '@x/atomic'
import { BufferClaim, type Header } from '@x/client'
import { SESSION_HEADER_LENGTH, type ClientSession } from '@x/cluster'
import { AuctionService } from './auction-service.ts'

/** An auction that also takes commands, as text that begins with an exclamation mark and has semicolons between them: each tries one call of `Cluster`. */
export class CommandService extends AuctionService {
  /** Names of the callbacks that throw. */
  readonly throwing: Set<string> = new Set()
  readonly refusals: string[] = []
  readonly #claim = new BufferClaim()

  override onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void {
    const text = buffer.getStringWithoutLengthAscii(offset, length)
    if (!text.startsWith('!')) {
      super.onSessionMessage(session, timestamp, buffer, offset, length, header)
      return
    }
    this.entries.push(
      `text ${text} of ${session?.id ?? 'a service'} at ${timestamp} position ${this.cluster.logPosition}`,
    )
    if (session === undefined) return
    for (const command of text.slice(1).split(';')) this.#obey(command.split(' '), session, timestamp)
  }

  override onTimerEvent(correlationId: bigint, timestamp: bigint): void {
    super.onTimerEvent(correlationId, timestamp)
    if (this.throwing.has('onTimerEvent')) throw new Error('thrown by onTimerEvent')
  }

  override onRoleChange(newRole: 0 | 1 | 2): void {
    super.onRoleChange(newRole)
    try {
      this.cluster.scheduleTimer(1n, 1n)
    } catch (error) {
      this.refusals.push(String(error))
    }
  }

  #obey([command = '', ...words]: string[], session: ClientSession, timestamp: bigint): void {
    const id = BigInt(words[0] ?? 0)
    switch (command) {
      case 'schedule':
        this.#retry(() => this.cluster.scheduleTimer(id, timestamp + BigInt(words[1] ?? 0)))
        break
      case 'cancel':
        this.#retry(() => this.cluster.cancelTimer(id))
        break
      case 'offer':
        this.#retry(() => this.cluster.offer(Buffer.from(`!offered ${id}`)) > 0)
        break
      case 'claim':
        this.#retry(() => this.#claimed(`!claimed ${id}`))
        break
      case 'close':
        session.close()
        this.entries.push(`closing ${session.isClosing}`)
        break
      case 'echo':
        this.#retry(() => this.#echoed(session, `echo ${id}`))
        break
      default:
        throw new Error(`unknown command ${command}`)
    }
  }

  #claimed(text: string): boolean {
    if (this.cluster.tryClaim(text.length, this.#claim) < 0) return false
    this.#claim.buffer.putStringWithoutLengthAscii(this.#claim.offset + SESSION_HEADER_LENGTH, text)
    this.#claim.commit()
    return true
  }

  #echoed(session: ClientSession, text: string): boolean {
    if (session.tryClaim(text.length, this.#claim) < 0) return false
    this.#claim.buffer.putStringWithoutLengthAscii(this.#claim.offset + SESSION_HEADER_LENGTH, text)
    this.#claim.commit()
    return true
  }

  #retry(attempt: () => boolean): void {
    while (!attempt()) this.cluster.idleStrategy.idle()
  }
}
