import { expect, test } from 'vitest'
import * as archive from './archive.ts'
import * as mark from './cluster-mark.ts'
import * as cluster from './cluster.ts'
import * as node from './node-state.ts'

// Bytes that Aeron 1.51.0 wrote: cluster schema version 16, one before ours.
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')
const CHANNEL = 'aeron:udp?endpoint=localhost:24326|term-length=64k'

const header = new cluster.MessageHeaderDecoder()
const headerEncoder = new cluster.MessageHeaderEncoder()

/** What an encoder writes, with the version of the writer of the captured bytes in the header. */
function encoded(length: number, write: (buffer: Uint8Array) => void, version = 16): string {
  const buffer = new Uint8Array(length)
  write(buffer)
  new DataView(buffer.buffer).setUint16(6, version, true)
  return hex(buffer)
}

test.each([
  [
    '240021006f001000 0000000000000000 0000000000000000 0000000000000000 2b00000000000000 00000000',
    { logPosition: 0, timestamp: 0n, ackId: 0n, relevantId: 43n, serviceId: 0 },
  ],
  [
    '240021006f001000 c013000000000000 b2d69104a2010000 0200000000000000 0100000000000000 00000000',
    { logPosition: 5056, timestamp: 0x1a20491d6b2n, ackId: 2n, relevantId: 1n, serviceId: 0 },
  ],
])('ServiceAck %#: captured bytes', (text, fields) => {
  const captured = bytes(text)
  const decoder = new cluster.ServiceAckDecoder().wrapAndApplyHeader(captured, 0, header)
  expect(decoder).toMatchObject(fields)
  expect(decoder.decodedLength).toBe(36)
  const again = encoded(44, (buffer) => {
    new cluster.ServiceAckEncoder()
      .wrapAndApplyHeader(buffer, 0, headerEncoder)
      .logPosition(decoder.logPosition)
      .timestamp(decoder.timestamp)
      .ackId(decoder.ackId)
      .relevantId(decoder.relevantId)
      .serviceId(decoder.serviceId)
  })
  expect(again).toBe(hex(captured))
})

test.each([
  [
    '280028006f001000 0000000000000000 ffffffffffffff7f 00000000 40687a2a 64000000 01000000 02000000 00000000 32000000',
    {
      logPosition: 0,
      maxLogPosition: 2n ** 63n - 1n,
      logSessionId: 0x2a7a6840,
      logStreamId: 100,
      isStartup: 1,
      role: 2,
    },
  ],
  [
    '280028006f001000 6029000000000000 802a000000000000 00000000 bf8200c9 67000000 01000000 00000000 00000000 32000000',
    {
      logPosition: 10592,
      maxLogPosition: 10880n,
      logSessionId: -922713409,
      logStreamId: 103,
      isStartup: 1,
      role: 0,
    },
  ],
])('JoinLog %#: captured bytes', (text, fields) => {
  const captured = bytes(text + hex(Buffer.from(CHANNEL)))
  const decoder = new cluster.JoinLogDecoder().wrapAndApplyHeader(captured, 0, header)
  expect(decoder).toMatchObject({ ...fields, memberId: 0, isStandby: 0, logChannel: CHANNEL })
  const again = encoded(captured.length, (buffer) => {
    new cluster.JoinLogEncoder()
      .wrapAndApplyHeader(buffer, 0, headerEncoder)
      .logPosition(decoder.logPosition)
      .maxLogPosition(decoder.maxLogPosition)
      .memberId(decoder.memberId)
      .logSessionId(decoder.logSessionId)
      .logStreamId(decoder.logStreamId)
      .isStartup(decoder.isStartup)
      .role(decoder.role)
      .isStandby(decoder.isStandby)
      .logChannel(decoder.logChannel)
  })
  expect(again).toBe(hex(captured))
})

test('ServiceTerminationPosition: captured bytes of version 16, in which ackRequired is absent', () => {
  const captured = bytes('08002a006f001000 2040000000000000')
  const decoder = new cluster.ServiceTerminationPositionDecoder().wrapAndApplyHeader(captured, 0, header)
  expect(decoder.logPosition).toBe(16416)
  expect(decoder.ackRequired).toBeUndefined()
  expect(decoder.ackRequiredRaw).toBe(cluster.BOOLEAN_TYPE_NULL)
})

test('ScheduleTimer and CloseSession: captured bytes', () => {
  const timer = bytes('10001f006f001000 2a00000000000000 1cd49104a2010000')
  const decoder = new cluster.ScheduleTimerDecoder().wrapAndApplyHeader(timer, 0, header)
  expect(decoder.correlationId).toBe(42n)
  const again = encoded(24, (buffer) => {
    new cluster.ScheduleTimerEncoder()
      .wrapAndApplyHeader(buffer, 0, headerEncoder)
      .correlationId(42n)
      .deadline(decoder.deadline)
  })
  expect(again).toBe(hex(timer))

  const close = bytes('08001e006f001000 0200000000000000')
  expect(new cluster.CloseSessionDecoder().wrapAndApplyHeader(close, 0, header).clusterSessionId).toBe(2n)
})

test('NewLeadershipTermEvent: captured bytes', () => {
  const captured = bytes(
    '300018006f001000 0000000000000000 6000000000000000 efbc9704a2010000 0000000000000000 00000000 cdf2ce96 00000000 01000000',
  )
  const decoder = new cluster.NewLeadershipTermEventDecoder().wrapAndApplyHeader(captured, 0, header)
  expect(decoder).toMatchObject({
    logPosition: 96,
    termBaseLogPosition: 0,
    timeUnit: cluster.ClusterTimeUnit.MILLIS,
    appVersion: 1,
  })
  const again = encoded(56, (buffer) => {
    new cluster.NewLeadershipTermEventEncoder()
      .wrapAndApplyHeader(buffer, 0, headerEncoder)
      .leadershipTermId(0n)
      .logPosition(96)
      .timestamp(decoder.timestamp)
      .termBaseLogPosition(0)
      .leaderMemberId(0)
      .logSessionId(decoder.logSessionId)
      .timeUnit(cluster.ClusterTimeUnit.MILLIS)
      .appVersion(1)
  })
  expect(again).toBe(hex(captured))
})

test('SessionOpenEvent: captured bytes', () => {
  const captured = bytes(
    `240015006f001000 0000000000000000 5600000000000000 0100000000000000 20bd9704a2010000 66000000 32000000 ${hex(Buffer.from(CHANNEL))} 00000000`,
  )
  const decoder = new cluster.SessionOpenEventDecoder().wrapAndApplyHeader(captured, 0, header)
  expect(decoder).toMatchObject({
    correlationId: 86n,
    clusterSessionId: 1n,
    responseStreamId: 102,
    responseChannel: CHANNEL,
  })
  expect(decoder.encodedPrincipal).toHaveLength(0)
  expect(decoder.decodedLength).toBe(captured.length - 8)
})

test('SessionMessageHeader: captured bytes of a client and of a service', () => {
  const client = bytes('180001006f001000 0000000000000000 0100000000000000 22be9704a2010000 0700000000000000')
  const decoder = new cluster.SessionMessageHeaderDecoder().wrapAndApplyHeader(client, 0, header)
  expect(decoder.clusterSessionId).toBe(1n)
  expect(decoder.offset + decoder.decodedLength).toBe(32)
  const service = bytes(
    '180001006f001000 0000000000000000 0100000000000080 27be9704a2010000 4d00000000000000',
  )
  expect(decoder.wrapAndApplyHeader(service, 0, header).clusterSessionId).toBe(-(2n ** 63n) + 1n)
})

test('TimerEvent and ClusterActionRequest: captured bytes', () => {
  const timer = bytes('180014006f001000 0000000000000000 2a00000000000000 21c09704a2010000')
  expect(new cluster.TimerEventDecoder().wrapAndApplyHeader(timer, 0, header).correlationId).toBe(42n)
  const action = bytes(
    '200017006f001000 0000000000000000 c013000000000000 a2c29704a2010000 02000000 00000000',
  )
  const decoder = new cluster.ClusterActionRequestDecoder().wrapAndApplyHeader(action, 0, header)
  expect(decoder).toMatchObject({ logPosition: 5056, action: cluster.ClusterAction.SNAPSHOT, flags: 0 })
})

test('snapshot of a service: captured bytes', () => {
  const begin = bytes(
    '280064006f001000 0200000000000000 c013000000000000 0000000000000000 00000000 00000000 00000000 01000000',
  )
  const marker = new cluster.SnapshotMarkerDecoder().wrapAndApplyHeader(begin, 0, header)
  expect(marker).toMatchObject({
    typeId: 2n,
    logPosition: 5056,
    mark: cluster.SnapshotMark.BEGIN,
    appVersion: 1,
  })
  const session = bytes(
    `0c0066006f001000 0100000000000000 66000000 32000000 ${hex(Buffer.from(CHANNEL))} 00000000`,
  )
  const decoder = new cluster.ClientSessionDecoder().wrapAndApplyHeader(session, 0, header)
  expect(decoder).toMatchObject({ clusterSessionId: 1n, responseStreamId: 102, responseChannel: CHANNEL })
})

test('snapshot of a consensus module: captured bytes, in which the close reason is null', () => {
  const module = bytes('1c0069006f001000 0300000000000000 0200000000000080 0100000000000080 00000000')
  expect(new cluster.ConsensusModuleDecoder().wrapAndApplyHeader(module, 0, header)).toMatchObject({
    nextSessionId: 3n,
    nextServiceSessionId: -(2n ** 63n) + 2n,
    pendingMessageCapacity: cluster.ConsensusModuleDecoder.PENDING_MESSAGE_CAPACITY_NULL,
  })
  const captured = bytes(
    `280067006f001000 0100000000000000 5600000000000000 0001000000000000 ffffffffffffffff 00000080 66000000 32000000 ${hex(Buffer.from(CHANNEL))}`,
  )
  const session = new cluster.ClusterSessionDecoder().wrapAndApplyHeader(captured, 0, header)
  expect(session).toMatchObject({ openedLogPosition: 256, timeOfLastActivity: -1n, closeReason: undefined })
  const again = encoded(captured.length, (buffer) => {
    new cluster.ClusterSessionEncoder()
      .wrapAndApplyHeader(buffer, 0, headerEncoder)
      .clusterSessionId(1n)
      .correlationId(86n)
      .openedLogPosition(256)
      .timeOfLastActivity(-1n)
      .closeReason(undefined)
      .responseStreamId(102)
      .responseChannel(CHANNEL)
  })
  expect(again).toBe(hex(captured))
})

test('node-state.dat: captured bytes, with a header of 16 bytes', () => {
  const captured = bytes(
    '0003000000000000 18002d0170000a00 28000000 00000000 0000000000000000 c1bc9704a2010000 0000000000000000 00003001 70000a00 10000000 00000000',
  )
  const nodeHeader = new node.MessageHeaderDecoder()
  const term = new node.CandidateTermDecoder().wrapAndApplyHeader(captured, 8, nodeHeader)
  expect(nodeHeader.frameLength).toBe(40)
  expect(term).toMatchObject({ candidateTermId: 0n, logPosition: 0 })
  const footer = new node.NodeStateFooterDecoder().wrapAndApplyHeader(captured, 48, nodeHeader)
  expect(nodeHeader.frameLength).toBe(16)
  expect(footer.decodedLength).toBe(0)
})

test('service mark file: captured bytes', () => {
  const captured = new Uint8Array(8 + 128 + 24)
  captured.set(
    bytes(
      '8000c8006e000200 00030000 02000000 ffffffffffffffff 78bc9704a2010000 2e05000000000000 ffffffffffffffff 0a000000 68000000 69000000 ffffffff 00000000 00000000 00200000 00001000 00000000',
    ),
  )
  const file = new mark.MarkFileHeaderDecoder().wrapAndApplyHeader(
    captured,
    0,
    new mark.MessageHeaderDecoder(),
  )
  expect(file).toMatchObject({
    version: 0x300,
    componentType: mark.ClusterComponentType.CONTAINER,
    activityTimestamp: -1n,
    pid: 1326n,
    archiveStreamId: 10,
    serviceStreamId: 104,
    headerLength: 8192,
    errorBufferLength: 1 << 20,
    aeronDirectory: '',
    servicesClusterDir: '',
  })
})

test('archive catalog: captured bytes', () => {
  const catalog = bytes('00010300 20000000 0300000000000000 40000000 00000000 0000000000000000')
  const decoder = new archive.CatalogHeaderDecoder().wrap(
    catalog,
    0,
    archive.CatalogHeaderDecoder.BLOCK_LENGTH,
    13,
  )
  expect(decoder).toMatchObject({ version: 0x30100, length: 32, nextRecordingId: 3n, alignment: 64 })
  const entry = bytes(`e0000000 01000000 00000000 ${'00'.repeat(20)}`)
  const head = new archive.RecordingDescriptorHeaderDecoder().wrap(entry, 0, 32, 13)
  expect(head).toMatchObject({ length: 224, state: archive.RecordingState.VALID, checksum: 0 })
  const block = bytes(
    '0000000000000000 0000000000000000 0000000000000000 dfbc9704a2010000 a5d79704a2010000 0000000000000000 4015000000000000 00000000 00001000 00000400 80050000 cdf2ce96 64000000 00000000 00000000 09000000',
  )
  const strings = Uint8Array.from([...block, ...Buffer.from('aeron:ipc')])
  const descriptor = new archive.RecordingDescriptorDecoder().wrap(strings, 0, 80, 13)
  expect(descriptor).toMatchObject({
    stopPosition: 5440,
    segmentFileLength: 1 << 20,
    termBufferLength: 1 << 18,
    mtuLength: 1408,
    streamId: 100,
    sourceIdentity: 'aeron:ipc',
  })
})

test('archive Ping: captured header', () => {
  const buffer = new Uint8Array(16)
  new archive.PingEncoder()
    .wrapAndApplyHeader(buffer, 0, new archive.MessageHeaderEncoder())
    .controlSessionId(7n)
  expect(hex(buffer)).toMatch(/^08006a006500/)
})
