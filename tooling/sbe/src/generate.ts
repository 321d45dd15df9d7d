import { buildIr } from './ir/build-ir.ts'
import type { Ir } from './ir/token.ts'
import { parseSchema } from './parse/schema.ts'
import { printIr } from './print/print-ir.ts'
import type { GeneratedFile, PrintOptions } from './print/print-ir.ts'

/** How code is generated. */
export interface GenerateOptions extends PrintOptions {}

/**
 * Generates the TypeScript of a schema. Pure: the same text and options give the same files.
 *
 * @param text the XML of the schema
 * @param file name of the schema file, for errors and headers
 * @throws SchemaError with every problem found, each with its line
 */
export function generate(text: string, file: string, options: GenerateOptions = {}): GeneratedFile[] {
  return printIr(readIr(text, file), file, options)
}

/** The intermediate form of a schema. Throws as generate. */
export function readIr(text: string, file: string): Ir {
  return buildIr(parseSchema(text, file))
}
