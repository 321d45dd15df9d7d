import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

// Offsets in the header of cnc.dat. Protocol: Aeron's CncFileDescriptor.
const VERSION_OFFSET = 0
const TO_DRIVER_LENGTH_OFFSET = 4
const TO_CLIENTS_LENGTH_OFFSET = 8
const COUNTERS_METADATA_LENGTH_OFFSET = 12
const PID_OFFSET = 40
const HEADER_LENGTH = 128

// Protocol: Agrona's RingBufferDescriptor, counted from the end of the to-driver buffer.
const CONSUMER_HEARTBEAT_FROM_END = 768 - 640
/** What the driver itself writes there at an orderly end. */
const DRIVER_ENDED = -1n

// Protocol: Agrona's CountersReader.
const METADATA_LENGTH = 512
const TYPE_ID_OFFSET = 4
const KEY_OFFSET = 16
const LABEL_LENGTH_OFFSET = 128
const LABEL_OFFSET = 132
const VALUE_LENGTH = 128
const REGISTRATION_ID_OFFSET = 8
const RECORD_UNUSED = 0
const RECORD_ALLOCATED = 1

/** Counters looked at per read: 32 KiB of metadata, so that a driver with a hundred counters costs two reads. */
const BATCH_COUNT = 64

/** One counter as it was when it was read. */
export interface CounterSnapshot {
  readonly id: number
  readonly typeId: number
  readonly label: string
  /** The 112 bytes of the key. */
  readonly key: Buffer
  readonly value: bigint
  readonly registrationId: bigint
}

/** What the head of cnc.dat says about its driver. */
export interface DriverState {
  /** Process id of the driver. */
  readonly pid: number
  /** When the driver last showed that it is alive, in milliseconds since 1970; -1 after a clean end, 0 before the first time. */
  readonly heartbeatMs: number
}

function heartbeatOffset(header: Buffer): number {
  return HEADER_LENGTH + header.readInt32LE(TO_DRIVER_LENGTH_OFFSET) - CONSUMER_HEARTBEAT_FROM_END
}

/** Opens cnc.dat for one look; undefined when there is none or it is not complete yet. */
function withCnc<T>(
  aeronDirectory: string,
  look: (file: number, header: Buffer) => T,
  flags: 'r' | 'r+' = 'r',
): T | undefined {
  let file: number
  try {
    file = openSync(join(aeronDirectory, 'cnc.dat'), flags)
  } catch {
    return undefined
  }
  try {
    const header = Buffer.alloc(HEADER_LENGTH)
    const isComplete = readSync(file, header, 0, HEADER_LENGTH, 0) === HEADER_LENGTH
    // The driver writes the version last: with it, all lengths are there.
    return isComplete && header.readInt32LE(VERSION_OFFSET) !== 0 ? look(file, header) : undefined
  } finally {
    closeSync(file)
  }
}

/** Reads who drives `aeronDirectory`, or undefined when cnc.dat is not there or not ready. */
export function readDriverState(aeronDirectory: string): DriverState | undefined {
  return withCnc(aeronDirectory, (file, header) => {
    const heartbeat = Buffer.alloc(8)
    readSync(file, heartbeat, 0, 8, heartbeatOffset(header))
    return {
      pid: Number(header.readBigInt64LE(PID_OFFSET)),
      heartbeatMs: Number(heartbeat.readBigInt64LE(0)),
    }
  })
}

/** Writes into cnc.dat what its driver would have written at an orderly end; only who has seen its end may do this. */
export function markDriverEnded(aeronDirectory: string): void {
  const write = (file: number, header: Buffer): void => {
    const ended = Buffer.alloc(8)
    ended.writeBigInt64LE(DRIVER_ENDED)
    writeSync(file, ended, 0, 8, heartbeatOffset(header))
  }
  withCnc(aeronDirectory, write, 'r+')
}

/** Reads all allocated counters of a driver; none when cnc.dat is not there or not ready. */
export function readCounters(aeronDirectory: string): readonly CounterSnapshot[] {
  const counters = withCnc(aeronDirectory, (file, header) => {
    const metadataOffset =
      HEADER_LENGTH +
      header.readInt32LE(TO_DRIVER_LENGTH_OFFSET) +
      header.readInt32LE(TO_CLIENTS_LENGTH_OFFSET)
    const metadataLength = header.readInt32LE(COUNTERS_METADATA_LENGTH_OFFSET)
    const found: CounterSnapshot[] = []
    for (let first = 0; first * METADATA_LENGTH < metadataLength; first += BATCH_COUNT) {
      const metadata = Buffer.alloc(BATCH_COUNT * METADATA_LENGTH)
      const values = Buffer.alloc(BATCH_COUNT * VALUE_LENGTH)
      readSync(file, metadata, 0, metadata.length, metadataOffset + first * METADATA_LENGTH)
      readSync(file, values, 0, values.length, metadataOffset + metadataLength + first * VALUE_LENGTH)
      if (!parseCounters(metadata, values, first, found)) break
    }
    return found
  })
  return counters ?? []
}

/** Adds the allocated counters of one batch to `found`; false when an unused record shows that no more follow. */
export function parseCounters(
  metadata: Buffer,
  values: Buffer,
  firstId: number,
  found: CounterSnapshot[],
): boolean {
  for (let index = 0; index < BATCH_COUNT; index++) {
    const record = metadata.subarray(index * METADATA_LENGTH, (index + 1) * METADATA_LENGTH)
    const state = record.readInt32LE(0)
    if (state === RECORD_UNUSED) return false
    if (state !== RECORD_ALLOCATED) continue
    const value = values.subarray(index * VALUE_LENGTH, (index + 1) * VALUE_LENGTH)
    const labelLength = record.readInt32LE(LABEL_LENGTH_OFFSET)
    found.push({
      id: firstId + index,
      typeId: record.readInt32LE(TYPE_ID_OFFSET),
      label: record.toString('latin1', LABEL_OFFSET, LABEL_OFFSET + labelLength),
      key: record.subarray(KEY_OFFSET, LABEL_LENGTH_OFFSET),
      value: value.readBigInt64LE(0),
      registrationId: value.readBigInt64LE(REGISTRATION_ID_OFFSET),
    })
  }
  return true
}
