import { NULL_COUNTER_ID } from '@x/atomic/status'
import {
  BACK_PRESSURED,
  ADMIN_ACTION,
  FragmentAssembler,
  type Aeron,
  type Publication,
  type Subscription,
} from '@x/client'
import {
  ArchiveError,
  findRecordingCounterBySession,
  isRecordingActive,
  recordingIdOfCounter,
  type AeronArchive,
} from '@x/archive'

/** Counter of the archive's running replays. Protocol: Aeron's AeronCounters. */
const REPLAY_SESSIONS_TYPE_ID = 112
/** For what happens at once, on a machine that is busy with others. */
const WAIT_MS = 30_000

/** Waits, on the event loop, until `look` gives something. */
export async function until<T>(
  what: string,
  look: () => T | undefined,
  timeoutMs: number = WAIT_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > deadline)
      throw new Error(`Cannot wait for ${what}: it did not happen in ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Offers until the message is taken. */
export async function send(publication: Publication, message: Uint8Array): Promise<number> {
  return until('an offer', () => {
    const result = publication.offer(message)
    if (result === BACK_PRESSURED || result === ADMIN_ACTION) return undefined
    if (result < 0) throw new Error(`Cannot offer: result is ${result}`)
    return result
  })
}

/** The recording of a publication: its id, and the counter of its position. */
export async function recordingOf(
  archive: AeronArchive,
  publication: Publication,
): Promise<{ readonly counterId: number; readonly recordingId: bigint }> {
  const { countersReader } = archive.aeron
  return until('the recording', () => {
    const counterId = findRecordingCounterBySession(countersReader, publication.sessionId, archive.archiveId)
    if (counterId === NULL_COUNTER_ID) return undefined
    return { counterId, recordingId: recordingIdOfCounter(countersReader, counterId) }
  })
}

/** Waits until all that was published is recorded. */
export async function awaitRecorded(aeron: Aeron, counterId: number, position: number): Promise<void> {
  await until('the recorded position', () =>
    Number(aeron.countersReader.getCounterValue(counterId)) >= position ? true : undefined,
  )
}

/** Reads whole messages until the stream ends or there are as many as asked for. */
export async function readMessages(subscription: Subscription, count: number): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = []
  const assembler = new FragmentAssembler((buffer, offset, length) => {
    messages.push(Buffer.from(buffer.bytes.subarray(offset, offset + length)))
  })
  await until('the replayed messages', () => {
    subscription.poll(assembler.onFragment, 10)
    return messages.length >= count ? true : undefined
  })
  return messages
}

/** Bytes that differ from message to message. */
export function messageOf(index: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + index * 7) & 0xff))
}

/** The code of the error that a request ends with, or `no error`. */
export async function codeOf(request: PromiseLike<unknown>): Promise<string> {
  try {
    await request
    return 'no error'
  } catch (error) {
    return error instanceof ArchiveError ? error.code : String(error)
  }
}

/** A recording that was made and stopped. */
export interface FinishedRecording {
  readonly recordingId: bigint
  readonly startPosition: number
  /** Position behind each message. */
  readonly positions: readonly number[]
  readonly stopPosition: number
}

/** Records messages of one length, made by {@link messageOf}, and ends the recording. */
export async function recordMessages(
  archive: AeronArchive,
  channel: string,
  streamId: number,
  count: number,
  length: number,
): Promise<FinishedRecording> {
  const publication = await archive.addRecordedExclusivePublication(channel, streamId)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  const startPosition = publication.position
  const positions: number[] = []
  for (let index = 0; index < count; index++)
    positions.push(await send(publication, messageOf(index, length)))
  const stopPosition = publication.position
  await awaitRecorded(archive.aeron, counterId, stopPosition)
  publication.close()
  await awaitEnd(archive, counterId, recordingId)
  return { recordingId, startPosition, positions, stopPosition }
}

/** How many replays of the archive on this driver are running. */
export function activeReplays({ countersReader }: Aeron): number {
  const counterId = countersReader.findCounter(
    (id) => countersReader.getCounterTypeId(id) === REPLAY_SESSIONS_TYPE_ID,
  )
  return Number(countersReader.getCounterValue(counterId))
}

/** Waits until a recording has ended. */
export async function awaitEnd(archive: AeronArchive, counterId: number, recordingId: bigint): Promise<void> {
  await until('the end of the recording', () =>
    isRecordingActive(archive.aeron.countersReader, counterId, recordingId) ? undefined : true,
  )
  await stopPositionOf(archive, recordingId)
}

/** The position at which a recording has ended, once it has. */
export async function stopPositionOf(archive: AeronArchive, recordingId: bigint): Promise<number> {
  for (;;) {
    const position = await archive.getStopPosition(recordingId)
    if (position !== -1) return position
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
