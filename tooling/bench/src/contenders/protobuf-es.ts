import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import type { DescMessage, Message } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type { Contender } from '../contender.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'
import { sumOf } from '../sum-of.ts'

const MASK = ORDER_COUNT - 1
const Type = FieldDescriptorProto_Type

type FieldType = FieldDescriptorProto_Type | string

/** A message of proto3; a field whose type is a name is repeated. */
function message(name: string, fields: Readonly<Record<string, FieldType>>) {
  return {
    name,
    field: Object.entries(fields).map(([field, type], index) => {
      const isMessage = typeof type === 'string'
      return {
        name: field,
        jsonName: field,
        number: index + 1,
        type: isMessage ? Type.MESSAGE : type,
        typeName: isMessage ? `.bench.${type}` : '',
        label: isMessage ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
      }
    }),
  }
}

const file = create(FileDescriptorProtoSchema, {
  name: 'order.proto',
  package: 'bench',
  syntax: 'proto3',
  messageType: [
    message('Leg', {
      instrumentId: Type.INT64,
      legPrice: Type.INT64,
      legQuantity: Type.INT32,
      legSide: Type.UINT32,
    }),
    message('Party', { role: Type.UINT32, partyName: Type.STRING }),
    message('Order', {
      orderId: Type.INT64,
      accountId: Type.INT64,
      price: Type.INT64,
      quantity: Type.INT64,
      timestampNs: Type.INT64,
      sequence: Type.INT32,
      venue: Type.UINT32,
      flags: Type.UINT32,
      side: Type.UINT32,
      ratio: Type.DOUBLE,
      legs: 'Leg',
      parties: 'Party',
      clientReference: Type.STRING,
      note: Type.STRING,
      signature: Type.BYTES,
    }),
  ],
})

function schemaOf(name: string): DescMessage {
  const schema = createFileRegistry(file, () => undefined).getMessage(`bench.${name}`)
  if (schema === undefined) throw new Error(`Cannot use protobuf-es: it does not know bench.${name}`)
  return schema
}

/** protobuf-es, with 64-bit fields as bigints, as it has them; the messages to encode are made before. */
export class ProtobufEs implements Contender {
  readonly #schema = schemaOf('Order')
  readonly #orders: Message[] = makeOrders().map((order) => {
    const { orderId, accountId, price, quantity, timestampNs, legs } = order
    return create(this.#schema, {
      ...order,
      orderId: BigInt(orderId),
      accountId: BigInt(accountId),
      price: BigInt(price),
      quantity: BigInt(quantity),
      timestampNs: BigInt(timestampNs),
      legs: legs.map((leg) => ({
        ...leg,
        instrumentId: BigInt(leg.instrumentId),
        legPrice: BigInt(leg.legPrice),
      })),
    } as Record<string, unknown>)
  })
  readonly #messages: Uint8Array[] = this.#orders.map((order) => toBinary(this.#schema, order))

  encode(index: number): number {
    return toBinary(this.#schema, this.#orders[index & MASK] as Message).length
  }

  decode(index: number): number {
    return sumOf(fromBinary(this.#schema, this.#messages[index & MASK] as Uint8Array) as unknown as Order)
  }
}
