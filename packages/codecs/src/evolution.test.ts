import { expect, test } from 'vitest'
import {
  BackupResponseDecoder,
  BackupResponseEncoder,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  SchemaMismatchError,
  SessionConnectRequestDecoder,
  SessionConnectRequestEncoder,
  SessionEventDecoder,
  SessionEventEncoder,
  StandbySnapshotDecoder,
  StandbySnapshotEncoder,
} from './cluster.ts'

const header = new MessageHeaderDecoder()
const headerEncoder = new MessageHeaderEncoder()

/** A SessionEvent as a writer of another version makes it: the block cut or filled up, then the detail, then the rest. */
function sessionEvent(version: number, blockLength: number, rest: number[] = []): Uint8Array {
  const full = new Uint8Array(60)
  const encoder = new SessionEventEncoder()
    .wrapAndApplyHeader(full, 0, headerEncoder)
    .clusterSessionId(1n)
    .correlationId(2n)
    .leadershipTermId(3n)
    .leaderMemberId(4)
    .code(0)
    .version(5)
    .leaderHeartbeatTimeoutNs(6n)
  expect(encoder.encodedLength).toBe(44)
  const block = [...full.subarray(8, 52), ...Array<number>(Math.max(0, blockLength - 44)).fill(0xee)]
  const bytes = Uint8Array.from([
    ...full.subarray(0, 8),
    ...block.slice(0, blockLength),
    2,
    0,
    0,
    0,
    0x68,
    0x69,
    ...rest,
  ])
  headerEncoder.wrap(bytes, 0).blockLength(blockLength).version(version)
  return bytes
}

test.each([
  [5, 32, SessionEventDecoder.VERSION_NULL, SessionEventDecoder.LEADER_HEARTBEAT_TIMEOUT_NS_NULL],
  [12, 36, 5, SessionEventDecoder.LEADER_HEARTBEAT_TIMEOUT_NS_NULL],
  [17, 44, 5, 6n],
  [99, 60, 5, 6n],
])('SessionEvent of version %i decodes, absent fields as null', (version, blockLength, semantic, timeout) => {
  const decoder = new SessionEventDecoder().wrapAndApplyHeader(sessionEvent(version, blockLength), 0, header)
  expect(decoder).toMatchObject({
    clusterSessionId: 1n,
    code: 0,
    version: semantic,
    leaderHeartbeatTimeoutNs: timeout,
    detail: 'hi',
    actingVersion: version,
  })
})

test('SessionEvent of a newer version: variable-length data that we do not know is not read', () => {
  const bytes = sessionEvent(99, 60, [3, 0, 0, 0, 1, 2, 3])
  const decoder = new SessionEventDecoder().wrapAndApplyHeader(bytes, 0, header)
  expect(decoder.detail).toBe('hi')
  expect(decoder.decodedLength).toBe(60 + 6)
})

test('SessionEvent with a value that the enum does not have: undefined, and the raw value', () => {
  const bytes = sessionEvent(99, 44)
  new DataView(bytes.buffer).setInt32(8 + 28, 77, true)
  const decoder = new SessionEventDecoder().wrapAndApplyHeader(bytes, 0, header)
  expect(decoder.code).toBeUndefined()
  expect(decoder.codeRaw).toBe(77)
})

test('a block that is shorter than its version says is a RangeError', () => {
  expect(() => new SessionEventDecoder().wrapAndApplyHeader(sessionEvent(13, 36), 0, header)).toThrow(
    'Cannot decode SessionEvent: the block length is 36, and version 13 has at least 44',
  )
})

test('SessionConnectRequest of version 13: clientInfo is absent and not read, whatever follows', () => {
  const bytes = new Uint8Array(64)
  new SessionConnectRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, headerEncoder)
    .correlationId(1n)
    .responseStreamId(2)
    .version(3)
    .responseChannel('ab')
    .encodedCredentials(Uint8Array.of(9))
  bytes.fill(0xff, 35)
  headerEncoder.version(13)
  const decoder = new SessionConnectRequestDecoder().wrapAndApplyHeader(bytes, 0, header)
  expect(decoder.clientInfo).toBe('')
  expect(decoder.clientInfoBytes).toHaveLength(0)
  expect(decoder.clientInfoLength).toBe(0)
  expect(decoder.decodedLength).toBe(35 - 8)
  headerEncoder.version(14)
  decoder.wrapAndApplyHeader(bytes, 0, header)
  expect(() => decoder.clientInfo).toThrow(RangeError)
})

test('a group whose entries are longer than ours decodes', () => {
  const ours = new Uint8Array(200)
  const encoder = new BackupResponseEncoder().wrapAndApplyHeader(ours, 0, headerEncoder)
  encoder.snapshotsCount(2).next().recordingId(1n).next().recordingId(2n)
  encoder.clusterMembers('m')
  const start = 8 + 60 + 4
  const entry = (index: number): number[] => [
    ...ours.subarray(start + index * 44, start + (index + 1) * 44),
    1,
    2,
    3,
  ]
  const bytes = Uint8Array.from([
    ...ours.subarray(0, start),
    ...entry(0),
    ...entry(1),
    ...ours.subarray(start + 88),
  ])
  new DataView(bytes.buffer).setUint16(68, 47, true)
  const decoder = new BackupResponseDecoder().wrapAndApplyHeader(bytes, 0, header)
  // In any order: what follows a group is found without reading the group.
  expect(decoder.clusterMembers).toBe('m')
  const snapshots = decoder.snapshots()
  const ids: bigint[] = []
  while (snapshots.next()) ids.push(snapshots.recordingId)
  expect(ids).toEqual([1n, 2n])
})

test('a group with variable-length data: next() skips what was not read', () => {
  const bytes = new Uint8Array(256)
  const encoder = new StandbySnapshotEncoder().wrapAndApplyHeader(bytes, 0, headerEncoder).correlationId(1n)
  const group = encoder.snapshotsCount(3)
  for (let i = 0; i < 3; i++) group.next().serviceId(i).archiveEndpoint(`host${i}`)
  encoder.responseChannel('channel').encodedCredentials(Uint8Array.of(1, 2))
  const decoder = new StandbySnapshotDecoder().wrapAndApplyHeader(bytes, 0, header)
  const snapshots = decoder.snapshots()
  expect(snapshots.count).toBe(3)
  expect(() => snapshots.serviceId).toThrow(RangeError)
  expect([snapshots.next(), snapshots.next(), snapshots.next()]).toEqual([true, true, true])
  expect(snapshots.archiveEndpoint).toBe('host2')
  expect(snapshots.next()).toBe(false)
  expect([...decoder.encodedCredentials]).toEqual([1, 2])
  expect(decoder.decodedLength).toBe(encoder.encodedLength)
})

test('a foreign schema or template is a SchemaMismatchError', () => {
  const bytes = sessionEvent(17, 44)
  expect(() => new SessionConnectRequestDecoder().wrapAndApplyHeader(bytes, 0, header)).toThrow(
    SchemaMismatchError,
  )
  headerEncoder.wrap(bytes, 0).schemaId(101)
  expect(() => new SessionEventDecoder().wrapAndApplyHeader(bytes, 0, header)).toThrow(
    'Cannot decode SessionEvent: the header has schema 101 and template 2, and should have 111 and 2',
  )
})

test('a length keeps a decoder inside its message', () => {
  const bytes = sessionEvent(17, 44)
  const long = Uint8Array.from([...bytes, ...bytes])
  const decoder = new SessionEventDecoder()
  expect(decoder.wrapAndApplyHeader(long, 0, header, bytes.length).detail).toBe('hi')
  decoder.wrapAndApplyHeader(long, 0, header, bytes.length - 1)
  expect(() => decoder.detail).toThrow(RangeError)
  expect(() => decoder.wrapAndApplyHeader(long, 0, header, 20)).toThrow(RangeError)
  expect(() => decoder.wrapAndApplyHeader(long, 0, header, 4)).toThrow(RangeError)
})
