export {
  CLUSTER_COMPONENT_TYPE_NULL,
  ClusterComponentType,
  decodeClusterComponentType,
} from './gen/cluster-mark/cluster-component-type.ts'
export { MarkFileHeaderDecoder } from './gen/cluster-mark/mark-file-header-decoder.ts'
export { MarkFileHeaderEncoder } from './gen/cluster-mark/mark-file-header-encoder.ts'
export { MessageDispatcher } from './gen/cluster-mark/message-dispatcher.ts'
export type { MessageHandlers } from './gen/cluster-mark/message-dispatcher.ts'
export { MessageHeaderDecoder } from './gen/cluster-mark/message-header-decoder.ts'
export { MessageHeaderEncoder } from './gen/cluster-mark/message-header-encoder.ts'
export { SchemaMismatchError } from './runtime/index.ts'
export type { SbeBuffer } from './runtime/index.ts'
