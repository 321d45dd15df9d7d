import { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, FragmentHandler, Header, Subscription } from '@x/client'
import { CloseReason, ClusterAction } from '@x/codecs/cluster'
import { isClusterError, type ClusterErrorCode } from '../../src/cluster-error.ts'
import { BoundedLogAdapter, type LogEvents } from '../../src/service/bounded-log-adapter.ts'
import { asError } from '../../src/service/counted-error-handler.ts'
import { ServiceAdapter } from '../../src/service/service-adapter.ts'
import { SnapshotReader } from '../../src/service/snapshot-reader.ts'
import { SnapshotRecords } from '../../src/service/snapshot-records.ts'
import { TurnBudget } from '../../src/service/turn-budget.ts'
import { FakePublication } from './fake-publication.ts'
import {
  clusterAction,
  newLeadershipTerm,
  sessionClose,
  sessionMessage,
  sessionOpen,
  timerEvent,
} from './log-messages.ts'
import { ScriptedLog } from './scripted-log.ts'

/** Numbers below a limit, the same for the same seed. */
type Random = (limit: number) => number

function randomOf(seed: number): Random {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

/** The bytes with up to four of the first `within` changed, and one time in four cut off. */
function mutated(random: Random, bytes: Uint8Array, within: number = bytes.length): Uint8Array {
  const copy = bytes.slice()
  for (let change = 0; change <= random(4); change++) {
    copy[random(Math.min(copy.length, within))] = random(256)
  }
  return copy.subarray(0, random(4) === 0 ? random(copy.length + 1) : copy.length)
}

/** What came of hostile bytes: those that were refused, the rest was read. */
export interface HostileOutcome {
  readonly rounds: number
  readonly refused: number
}

function campaign(
  rounds: number,
  seed: number,
  code: ClusterErrorCode,
  round: (random: Random) => void,
): HostileOutcome {
  const random = randomOf(seed)
  let refused = 0
  for (let i = 0; i < rounds; i++) {
    try {
      round(random)
    } catch (error) {
      if (!isClusterError(error, code)) throw new Error(`round ${i} of seed ${seed}`, { cause: error })
      refused++
    }
  }
  return { rounds, refused }
}

// Heads of messages that a consensus module of Aeron 1.51.0 sent.
const CONTROL_MESSAGES: readonly Uint8Array[] = [
  '280028006f001000 0000000000000000 ffffffffffffff7f 00000000 40687a2a 64000000 01000000 02000000 00000000 09000000 6165726f6e3a697063',
  '280028006f001000 6029000000000000 802a000000000000 00000000 bf8200c9 67000000 01000000 00000000 00000000 09000000 6165726f6e3a697063',
  '240028006f000f00 0000000000000000 ffffffffffffff7f 01000000 00000000 64000000 00000000 00000000 09000000 6165726f6e3a697063',
  '08002a006f001000 2040000000000000',
  '0c002a006f001100 2040000000000000 01000000',
  '08006c006f001100 2040000000000000',
].map(bytesOf)

/** Lets the container's reader of control messages read mutated ones, with a sound one behind each that it must read. */
export function hostileControl(rounds: number, seed: number): HostileOutcome {
  let next: Uint8Array = new Uint8Array()
  let acks = 0
  const subscription = {
    poll: (handler: FragmentHandler) => {
      handler(AtomicBuffer.wrap(next), 0, next.length, { flags: 0xc0 } as Header)
      return 1
    },
  } as unknown as Subscription
  const adapter = new ServiceAdapter(subscription, {
    onJoinLog: () => undefined,
    onServiceTerminationPosition: () => undefined,
    onRequestServiceAck: () => acks++,
  })
  const sound = bytesOf('08006c006f001100 2040000000000000')
  return campaign(rounds, seed, 'CONTROL_MESSAGE_INVALID', (random) => {
    next = mutated(random, CONTROL_MESSAGES[random(CONTROL_MESSAGES.length)] ?? sound)
    let refusal: unknown
    try {
      adapter.poll()
    } catch (error) {
      refusal = error
    }
    const before = acks
    next = sound
    adapter.poll()
    if (acks !== before + 1) throw new Error('the message behind was not read', { cause: refusal })
    if (refusal !== undefined) throw asError(refusal)
  })
}

const IGNORING: LogEvents = {
  onSessionMessage: () => undefined,
  onTimerEvent: () => undefined,
  onSessionOpen: () => true,
  onSessionClose: () => undefined,
  onServiceAction: () => true,
  onNewLeadershipTerm: () => undefined,
}

const LOG_ENTRIES: readonly Uint8Array[] = [
  sessionOpen(1n, 10n, 'admin'),
  sessionMessage(1n, 11n, new TextEncoder().encode('bid 7')),
  timerEvent(42n, 12n),
  sessionClose(1n, 13n, CloseReason.TIMEOUT),
  clusterAction(ClusterAction.SNAPSHOT, 4096, 14n),
  newLeadershipTerm({ leadershipTermId: 0n, logPosition: 96, timestamp: 1n, timeUnit: 0, appVersion: 1 }),
  // As a leader of Aeron 1.51.0 recorded them.
  bytesOf(
    '300018006f001000 0000000000000000 6000000000000000 efbc9704a2010000 0000000000000000 00000000 cdf2ce96 00000000 01000000',
  ),
  bytesOf('180014006f001000 0000000000000000 2a00000000000000 21c09704a2010000'),
  bytesOf('200017006f001000 0000000000000000 c013000000000000 a2c29704a2010000 02000000 00000000'),
  bytesOf('180001006f001000 0000000000000000 0100000000000080 27be9704a2010000 4d00000000000000'),
]

/** Lets the log adapter read mutated entries, whole or in parts: it must read them, or stay in front of them with their position in the error. */
export function hostileLog(rounds: number, seed: number): HostileOutcome {
  return campaign(rounds, seed, 'LOG_ENTRY_INVALID', (random) => {
    const log = new ScriptedLog()
    const sound = log.append(timerEvent(1n, 1n))
    const entry = mutated(random, LOG_ENTRIES[random(LOG_ENTRIES.length)] ?? new Uint8Array(1))
    const parts = random(3)
    if (parts === 0 && entry.length > 16) log.appendInParts(entry, 8 + random(entry.length - 8))
    else log.append(entry)
    const adapter = new BoundedLogAdapter(IGNORING, 50, new TurnBudget({ nanoTime: () => 0n }))
    adapter.join(log.image, Number.MAX_SAFE_INTEGER)
    try {
      adapter.poll(log.appendPosition)
    } catch (error) {
      if (!isClusterError(error, 'LOG_ENTRY_INVALID')) throw error
      if (error.context.logPosition !== log.appendPosition) {
        throw new Error(`the error names position ${error.context.logPosition}`, { cause: error })
      }
      if (log.position >= log.appendPosition || log.position < sound) {
        throw new Error(`the adapter stands at ${log.position}`, { cause: error })
      }
      throw error
    }
    if (log.position !== log.appendPosition) throw new Error(`the adapter stands at ${log.position}`)
  })
}

function snapshotMessages(): readonly Uint8Array[] {
  const fake = new FakePublication()
  const place = { logPosition: 5056, leadershipTermId: 0n, timeUnit: 0, appVersion: 1 } as const
  const records = new SnapshotRecords(fake as unknown as ExclusivePublication, place)
  const session = { responseStreamId: 102, responseChannel: 'aeron:udp?endpoint=localhost:10001' }
  const steps = [
    records.begin(),
    records.session({ ...session, id: 1n, encodedPrincipal: new Uint8Array(3).fill(1) }),
    records.session({ ...session, id: 2n, encodedPrincipal: new Uint8Array(2_000).fill(2) }),
    records.end(),
  ]
  for (const each of steps) while (each.next().done !== true);
  return fake.messages
}

/** Lets a snapshot be read of which one message was mutated. */
export function hostileSnapshot(rounds: number, seed: number): HostileOutcome {
  const messages = snapshotMessages()
  const partLength = 1_376
  return campaign(rounds, seed, 'SNAPSHOT_INVALID', (random) => {
    const victim = random(messages.length)
    const log = new ScriptedLog()
    for (const [index, message] of messages.entries()) {
      const bytes = index === victim ? mutated(random, message, 80) : message
      if (bytes.length <= partLength) log.append(bytes)
      else log.appendInParts(bytes, partLength)
    }
    log.isEndOfStream = true
    const reader = new SnapshotReader(log.image, 7n)
    while (!reader.poll());
  })
}
