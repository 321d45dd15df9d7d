export { HEADER_LENGTH, PADDING_TYPE_ID, RECORD_ALIGNMENT } from '../record-descriptor.ts'
export { ManyToOneRingBuffer } from './many-to-one-ring-buffer.ts'
export { ReadAction } from './message-handler.ts'
export { OneToOneRingBuffer } from './one-to-one-ring-buffer.ts'
export { INSUFFICIENT_CAPACITY, RingBuffer } from './ring-buffer.ts'
export {
  CONSUMER_HEARTBEAT_OFFSET,
  CORRELATION_COUNTER_OFFSET,
  HEAD_CACHE_POSITION_OFFSET,
  HEAD_POSITION_OFFSET,
  TAIL_POSITION_OFFSET,
  TRAILER_LENGTH,
} from './ring-buffer-descriptor.ts'
export type { ControlledMessageHandler, MessageHandler } from './message-handler.ts'
