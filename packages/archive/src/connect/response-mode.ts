import { ChannelUri } from '@x/client'

/** Whether the other side finds the way to a channel through the subscription that asks. Protocol: `control-mode=response`. */
export function hasResponseMode(channel: string): boolean {
  return ChannelUri.parse(channel).get('control-mode') === 'response'
}

/** Where the terms of a stream begin, which a second stream on the same channel has for itself. */
const STREAM_PARAMS = ['session-id', 'term-id', 'init-term-id', 'term-offset'] as const

/** The request channel for what is to be answered on the subscription with this registration id. */
export function withResponseCorrelationId(channel: string, registrationId: bigint): string {
  return ChannelUri.parse(channel).put('response-correlation-id', String(registrationId)).toString()
}

/** The request channel of a control session without what is particular to the stream of its requests. */
export function withoutStreamParams(channel: string): string {
  const uri = ChannelUri.parse(channel)
  for (const param of STREAM_PARAMS) uri.remove(param)
  return uri.toString()
}
