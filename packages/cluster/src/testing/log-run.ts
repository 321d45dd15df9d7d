import { MessageHeaderDecoder, SessionMessageHeaderDecoder } from '@x/codecs/cluster'
import type { Role } from '../service/cluster.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
import type { Effect } from './effect.ts'
import type { FramedEntry } from './log-entry.ts'
import type { MemoryArchive } from './memory-archive.ts'
import type { EgressSink } from './memory-driver.ts'
import { PublicationScript } from './publication-script.ts'
import type { TestContainerOptions } from './test-cluster-options.ts'
import { TestMember, type LogLayout, type StartPoint } from './test-member.ts'

const WITHOUT_END = Number.MAX_SAFE_INTEGER

/** A run of a service over a log that exists. */
export interface LogRunOptions {
  readonly service: ClusteredService
  readonly container: TestContainerOptions
  readonly memberId: number
  readonly role: Role
  readonly layout: LogLayout
  readonly egressTermLength: number
  readonly snapshotTermLength: number
  readonly archive: MemoryArchive
  readonly start: StartPoint
  readonly onError: (error: Error) => void
}

/** Lets a service apply a log that exists, entry for entry, in one role from its beginning to its end. */
export class LogRun {
  readonly #member: TestMember
  #effects: Effect[] = []

  /** Starts the service and lets it join the log. Throws what makes the start fail. */
  constructor({ role, start, ...options }: LogRunOptions) {
    this.#member = new TestMember(
      {
        ...options,
        controlScript: new PublicationScript(),
        snapshotScript: new PublicationScript(),
        egressOf: () => this.#newSink(),
        onEffect: (effect) => this.#effects.push(effect),
      },
      start,
    )
    this.#member.join(start.logPosition, WITHOUT_END, role, false)
  }

  /** Applies an entry. */
  apply(entry: FramedEntry): void {
    this.#member.apply(entry)
  }

  /** What the service has asked for since the last time. */
  takeEffects(): readonly Effect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  close(): void {
    this.#member.close()
  }

  #newSink(): EgressSink {
    const header = new MessageHeaderDecoder()
    const decoder = new SessionMessageHeaderDecoder()
    return {
      script: new PublicationScript(),
      isReachable: true,
      onEgress: (message) => {
        const { clusterSessionId } = decoder.wrapAndApplyHeader(message, 0, header)
        const payload = message.subarray(SESSION_HEADER_LENGTH)
        this.#effects.push({ kind: 'response', clusterSessionId, payload })
      },
    }
  }
}
