// What is thrown is made in functions of their own: V8 inlines the checks into the generated code only as long as they are short.

/**
 * Thrown where a message header names another schema or template than that of the decoder it was given to.
 * Look at the header first: a foreign schema or an unknown template is to be skipped, not decoded.
 */
export class SchemaMismatchError extends Error {
  override readonly name = 'SchemaMismatchError'
  /** The schema id in the header. */
  readonly schemaId: number
  /** The template id in the header. */
  readonly templateId: number

  constructor(message: string, schemaId: number, templateId: number) {
    super(message)
    this.schemaId = schemaId
    this.templateId = templateId
  }
}

/**
 * Checks that a header names the message that is about to be decoded.
 *
 * @throws SchemaMismatchError where it names another
 */
export function checkHeader(
  actingSchemaId: number,
  actingTemplateId: number,
  schemaId: number,
  templateId: number,
  name: string,
): void {
  if (actingSchemaId !== schemaId || actingTemplateId !== templateId)
    throw mismatchError(actingSchemaId, actingTemplateId, schemaId, templateId, name)
}

function mismatchError(
  actingSchemaId: number,
  actingTemplateId: number,
  schemaId: number,
  templateId: number,
  name: string,
): SchemaMismatchError {
  return new SchemaMismatchError(
    `Cannot decode ${name}: the header has schema ${actingSchemaId} and template ${actingTemplateId}, ` +
      `and should have ${schemaId} and ${templateId}; dispatch on the header before decoding`,
    actingSchemaId,
    actingTemplateId,
  )
}
