import * as archive from '../../src/archive.ts'
import * as archiveMark from '../../src/archive-mark.ts'
import * as cluster from '../../src/cluster.ts'
import * as clusterMark from '../../src/cluster-mark.ts'
import * as nodeState from '../../src/node-state.ts'
import { AllTypesDecoder } from '../all-types/src/gen/all-types-decoder.ts'
import { decodersOf, type DecoderClass } from './decoder-case.ts'
import type { DispatcherClass } from './dispatch-case.ts'

/** A protocol: what its door exports, and its dispatcher. */
export interface Protocol {
  readonly name: string
  readonly door: object
  readonly Dispatcher: DispatcherClass
}

/** The protocols of the package. */
export const PROTOCOLS: readonly Protocol[] = [
  { name: 'archive', door: archive, Dispatcher: archive.MessageDispatcher },
  { name: 'archive-mark', door: archiveMark, Dispatcher: archiveMark.MessageDispatcher },
  { name: 'cluster', door: cluster, Dispatcher: cluster.MessageDispatcher },
  { name: 'cluster-mark', door: clusterMark, Dispatcher: clusterMark.MessageDispatcher },
  { name: 'node-state', door: nodeState, Dispatcher: nodeState.MessageDispatcher },
]

/** The decoders of all messages, those of the test schema among them. */
export const DECODERS: readonly DecoderClass[] = [
  ...PROTOCOLS.map(({ door }) => door),
  { AllTypesDecoder },
].flatMap(decodersOf)
