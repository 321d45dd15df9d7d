import { MessageHeaderEncoder } from '@x/codecs/cluster'
import { expect, test } from 'vitest'
import {
  CLUSTER_SESSION_ID_OFFSET,
  SessionMessageHeader,
  TIMESTAMP_OFFSET,
} from './session-message-header.ts'

test('session id and timestamp are where the encoder puts them', () => {
  const header = new SessionMessageHeader()
  header.setLeadershipTermId(1n)
  header.setClusterSessionId(-2n)
  header.setTimestamp(3n)
  const block = MessageHeaderEncoder.ENCODED_LENGTH
  expect(header.buffer.getInt64(block + CLUSTER_SESSION_ID_OFFSET)).toBe(-2n)
  expect(header.buffer.getInt64(block + TIMESTAMP_OFFSET)).toBe(3n)
})
