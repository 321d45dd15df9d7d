import {
  type CountersReader,
  LABEL_OFFSET,
  LABEL_TEXT_OFFSET,
  MAX_LABEL_LENGTH,
  metadataOffset,
  NULL_COUNTER_ID,
  RECORD_ALLOCATED,
} from '@x/atomic/status'
import { CounterType } from './counter-type.ts'

/** Type of the counter that shows that a client is alive. Protocol: Aeron's `HeartbeatTimestamp`. */
export const CLIENT_HEARTBEAT_TYPE_ID: number = CounterType.CLIENT_HEARTBEAT
const CLIENT_ID_KEY_OFFSET = 0

/** Whether the counter is the heartbeat of this client now. */
export function isHeartbeatOf(countersReader: CountersReader, counterId: number, clientId: bigint): boolean {
  return (
    countersReader.getCounterState(counterId) === RECORD_ALLOCATED &&
    countersReader.getCounterTypeId(counterId) === CLIENT_HEARTBEAT_TYPE_ID &&
    countersReader.getCounterKey(counterId).getInt64(CLIENT_ID_KEY_OFFSET) === clientId
  )
}

/** The heartbeat counter of a client, which the driver makes at its first command; `undefined` before. */
export function findHeartbeat(countersReader: CountersReader, clientId: bigint): number | undefined {
  const counterId = countersReader.findCounter((id) => isHeartbeatOf(countersReader, id, clientId))
  return counterId === NULL_COUNTER_ID ? undefined : counterId
}

/** Appends to the label of a counter as much as there is room for; the driver wrote the start of it. */
export function appendToLabel(countersReader: CountersReader, counterId: number, text: string): void {
  const metadata = countersReader.metadataBuffer
  const offset = metadataOffset(counterId)
  const length = metadata.getInt32Acquire(offset + LABEL_OFFSET)
  const appended = text.slice(0, Math.max(0, MAX_LABEL_LENGTH - length))
  metadata.putStringWithoutLengthAscii(offset + LABEL_TEXT_OFFSET + length, appended)
  metadata.putInt32Release(offset + LABEL_OFFSET, length + appended.length)
}
