import type { Ir } from '../ir/token.ts'
import { DecodeError } from './decode-error.ts'
import { decodeMessage } from './decode-message.ts'
import { JsonListener, type Json } from './json-listener.ts'
import { readMessageHeader } from './message-header.ts'

/** A message as a plain object. */
export interface DecodedMessage {
  /** Name of the message in the schema. */
  readonly name: string
  readonly templateId: number
  /** The version of the schema that it was written with. */
  readonly version: number
  /** Where its header begins, and where it ends. */
  readonly offset: number
  readonly end: number
  readonly fields: Record<string, Json>
}

/**
 * Decodes the message at an offset, which begins with its header.
 *
 * @throws DecodeError where the bytes are truncated or damaged, or of a schema or template that this is not
 */
export function decodeJson(ir: Ir, bytes: Uint8Array, offset = 0): DecodedMessage {
  const header = readMessageHeader(ir, bytes, offset)
  const { templateId, schemaId, version, length } = header
  if (schemaId !== ir.id) {
    throw new DecodeError(
      'the message',
      offset,
      `it is of schema ${schemaId}, and the schema is ${ir.id} (${ir.package}); give the schema of the message`,
    )
  }
  const tokens = ir.messages.find(([message]) => message?.id === templateId)
  const name = tokens?.[0]?.name
  if (tokens === undefined || name === undefined) {
    throw new DecodeError(
      'the message',
      offset,
      `the schema has no template ${templateId}; give a newer version of the schema`,
    )
  }
  const listener = new JsonListener()
  const end = decodeMessage(bytes, offset + length, tokens, header, listener)
  return { name, templateId, version, offset, end, fields: listener.message }
}

/** Decodes messages that stand one behind the other from an offset, each with its header. Throws as decodeJson. */
export function* decodeAllJson(ir: Ir, bytes: Uint8Array, offset = 0): Generator<DecodedMessage> {
  for (let at = offset; at < bytes.length;) {
    const message = decodeJson(ir, bytes, at)
    yield message
    // A schema may have a header and messages of no bytes at all.
    at = Math.max(message.end, at + 1)
  }
}
