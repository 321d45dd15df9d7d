import type { Ir } from './ir/token.ts'
import { printIr } from './print/print-ir.ts'
import type { GeneratedFile, PrintOptions } from './print/print-ir.ts'
import { readIr, type ReadOptions } from './read-ir.ts'

/** How a schema is read, and what the generated code is to be like. */
export interface GenerateOptions extends PrintOptions, ReadOptions {}

/**
 * Generates the TypeScript of a schema. The same source and options give the same files.
 *
 * @param source the XML of the schema, as text or bytes, or the bytes of an IR file (`.sbeir`) of the reference tool
 * @param file name of the schema file: of errors and headers, and where the paths of what it includes begin
 * @throws SchemaError with every problem found, each with its file and line
 */
export function generate(
  source: string | Uint8Array,
  file: string,
  options: GenerateOptions = {},
): GeneratedFile[] {
  return generateFromIr(readIr(source, file, options), file, options)
}

/** Generates the TypeScript of an intermediate form. Throws as generate. */
export function generateFromIr(ir: Ir, file: string, options: PrintOptions = {}): GeneratedFile[] {
  return printIr(ir, file, options)
}
