export { HEADER_LENGTH, PADDING_TYPE_ID, RECORD_ALIGNMENT } from '../record-descriptor.ts'
export {
  LATEST_OFFSET,
  TAIL_INTENT_OFFSET,
  TAIL_OFFSET,
  TRAILER_LENGTH,
} from './broadcast-buffer-descriptor.ts'
export { BroadcastLappedError } from './broadcast-lapped-error.ts'
export { BroadcastReceiver } from './broadcast-receiver.ts'
export { BroadcastTransmitter } from './broadcast-transmitter.ts'
export { CopyBroadcastReceiver } from './copy-broadcast-receiver.ts'
export type { BroadcastMessageHandler } from './copy-broadcast-receiver.ts'
