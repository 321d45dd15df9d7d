import { expect, test } from 'vitest'
import {
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  StandbySnapshotDecoder,
  StandbySnapshotEncoder,
} from './cluster.ts'

// What follows a group is found from its cursor where that has come to the end, and by walking the entries otherwise.

const bytes = new Uint8Array(512)
const headerEncoder = new MessageHeaderEncoder()
const header = new MessageHeaderDecoder()
const decoder = new StandbySnapshotDecoder()

function write(endpoints: readonly string[], channel: string): void {
  const encoder = new StandbySnapshotEncoder().wrapAndApplyHeader(bytes, 0, headerEncoder)
  const group = encoder.snapshotsCount(endpoints.length)
  for (const endpoint of endpoints) group.next().archiveEndpoint(endpoint)
  encoder.responseChannel(channel).encodedCredentials(Uint8Array.of(1, 2, 3))
}

const read = (): StandbySnapshotDecoder => decoder.wrapAndApplyHeader(bytes, 0, header)

test.each([0, 1, 2, 3, 4])('after %d calls of next() what follows is the same', (calls) => {
  write(['one', 'second', ''], 'aeron:ipc')
  const snapshots = read().snapshots()
  for (let i = 0; i < calls; i++) snapshots.next()
  expect([decoder.responseChannel, decoder.encodedCredentialsLength]).toEqual(['aeron:ipc', 3])
})

test('after a skip, a rewind, and both', () => {
  write(['one', 'second'], 'aeron:ipc')
  const skipped = read().snapshots()
  const end = skipped.sbeSkip()
  expect([decoder.responseChannelOffset - 4, decoder.responseChannel]).toEqual([end, 'aeron:ipc'])
  const rewound = read().snapshots()
  rewound.next()
  rewound.next()
  rewound.sbeRewind()
  expect(decoder.responseChannelOffset - 4).toBe(end)
  read().snapshots().sbeRewind().sbeSkip()
  expect(decoder.responseChannelOffset - 4).toBe(end)
})

test('a group without entries', () => {
  write([], 'aeron:ipc')
  const snapshots = read().snapshots()
  expect([snapshots.next(), decoder.responseChannel]).toEqual([false, 'aeron:ipc'])
})

test('a cursor of the message before is not asked', () => {
  write(['a', 'b'], 'first')
  const snapshots = read().snapshots()
  while (snapshots.next()) continue
  expect(decoder.responseChannel).toBe('first')
  write(['much longer than before', 'b', 'c'], 'second')
  expect(read().responseChannel).toBe('second')
})

test('a cursor that could not be started is not asked', () => {
  write(['a', 'b'], 'first')
  const snapshots = read().snapshots()
  while (snapshots.next()) continue
  write(['a', 'b'], 'second')
  new DataView(bytes.buffer).setUint16(
    MessageHeaderEncoder.ENCODED_LENGTH + read().actingBlockLength + 2,
    0xffff,
    true,
  )
  expect(() => read().snapshots()).toThrow('go beyond the end of the message')
  expect(() => decoder.responseChannel).toThrow('go beyond the end of the message')
})

test('a group that is skipped has no entry to read, also not one of the message before', () => {
  write(['first-endpoint', 'second-endpoint'], 'aeron:ipc')
  const snapshots = read().snapshots()
  while (snapshots.next()) expect(snapshots.archiveEndpoint).toMatch(/endpoint$/)
  write(['other'], 'aeron:ipc')
  const skipped = read().snapshots()
  skipped.sbeSkip()
  expect(() => skipped.archiveEndpoint).toThrow(RangeError)
  expect(() => skipped.archiveEndpointLength).toThrow(RangeError)
  expect(decoder.responseChannel).toBe('aeron:ipc')
})

test('a skip that finds damage leaves the cursor where it is', () => {
  write(['first', 'second'], 'aeron:ipc')
  const snapshots = decoder.wrapAndApplyHeader(bytes, 0, header, 120).snapshots()
  snapshots.next()
  expect(() => snapshots.sbeSkip()).toThrow(RangeError)
  expect([snapshots.index, snapshots.count]).toEqual([1, 2])
})
