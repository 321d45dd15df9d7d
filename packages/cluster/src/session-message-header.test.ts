import { MessageHeaderDecoder, MessageHeaderEncoder, SessionMessageHeaderDecoder } from '@x/codecs/cluster'
import { expect, test } from 'vitest'
import {
  CLUSTER_SESSION_ID_OFFSET,
  SessionMessageHeader,
  TIMESTAMP_OFFSET,
} from './session-message-header.ts'

test('term, session id and timestamp are where the decoder reads them', () => {
  const header = new SessionMessageHeader()
  header.setLeadershipTermId(1n)
  header.setClusterSessionId(-(2n ** 63n))
  header.setTimestamp(2n ** 63n - 1n)
  const decoder = new SessionMessageHeaderDecoder()
  decoder.wrapAndApplyHeader(header.buffer, 0, new MessageHeaderDecoder())
  const { leadershipTermId, clusterSessionId, timestamp } = decoder
  expect([leadershipTermId, clusterSessionId, timestamp]).toEqual([1n, -(2n ** 63n), 2n ** 63n - 1n])
  const block = MessageHeaderEncoder.ENCODED_LENGTH
  expect(header.buffer.getInt64(block + CLUSTER_SESSION_ID_OFFSET)).toBe(clusterSessionId)
  expect(header.buffer.getInt64(block + TIMESTAMP_OFFSET)).toBe(timestamp)
})
