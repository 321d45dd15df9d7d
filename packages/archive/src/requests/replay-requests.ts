import {
  BoundedReplayRequestEncoder,
  ReplayRequestEncoder,
  ReplayTokenRequestEncoder,
  StopAllReplaysRequestEncoder,
  StopReplayRequestEncoder,
} from '@x/codecs/archive'
import { REPLAY_ALL_AND_FOLLOW, type ReplayParams } from '../replay/replay-params.ts'
import { encodeRequest, type EncodeRequest } from './encode-request.ts'

/** Stands for the start of the recording, the archive's own limit, no token. Protocol: Aeron's null values. */
const NULL_VALUE = -1
const NULL_TOKEN = -1n

/** Replays a recording; bounded by a counter where the params name one. */
export function replay(
  recordingId: bigint,
  channel: string,
  streamId: number,
  params: ReplayParams,
): EncodeRequest {
  const {
    position = NULL_VALUE,
    length = REPLAY_ALL_AND_FOLLOW,
    fileIoMaxLength = NULL_VALUE,
    boundingLimitCounterId,
    replayToken = NULL_TOKEN,
  } = params
  if (boundingLimitCounterId === undefined) {
    return encodeRequest(
      ReplayRequestEncoder,
      (encoder) =>
        encoder
          .recordingId(recordingId)
          .position(position)
          .length(BigInt(length))
          .replayStreamId(streamId)
          .fileIoMaxLength(fileIoMaxLength)
          .replayToken(replayToken)
          .replayChannel(channel),
      channel.length,
    )
  }
  return encodeRequest(
    BoundedReplayRequestEncoder,
    (encoder) =>
      encoder
        .recordingId(recordingId)
        .position(position)
        .length(BigInt(length))
        .limitCounterId(boundingLimitCounterId)
        .replayStreamId(streamId)
        .fileIoMaxLength(fileIoMaxLength)
        .replayToken(replayToken)
        .replayChannel(channel),
    channel.length,
  )
}

/** Asks for a token that lets a replay be asked for over another image than that of the control session. */
export function replayToken(recordingId: bigint): EncodeRequest {
  return encodeRequest(ReplayTokenRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Stops one replay. */
export function stopReplay(replaySessionId: bigint): EncodeRequest {
  return encodeRequest(StopReplayRequestEncoder, (encoder) => encoder.replaySessionId(replaySessionId))
}

/** Stops all replays of a recording, of all recordings with -1. */
export function stopAllReplays(recordingId: bigint): EncodeRequest {
  return encodeRequest(StopAllReplaysRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}
