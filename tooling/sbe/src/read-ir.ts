import { readFileSync } from 'node:fs'
import { buildIr } from './ir/build-ir.ts'
import { isSbeir, readSbeir } from './ir/read-sbeir.ts'
import type { Ir } from './ir/token.ts'
import { olderSchema } from './parse/older-schema.ts'
import { Problems, SchemaError, type SchemaProblem } from './parse/schema-error.ts'
import { schemaText } from './parse/schema-text.ts'
import { parseSchema } from './parse/schema.ts'
import type { Schema } from './parse/schema-model.ts'
import type { ReadFile } from './parse/xinclude.ts'

/** How a schema is read. */
export interface ReadOptions {
  /** Reads the files that the schema includes; from the disk by default. */
  readonly readFile?: ReadFile | undefined
  /** Leaves out what came after this version of the schema, which may depend on its id. Nothing by default. */
  readonly schemaVersion?: number | ((schemaId: number) => number | undefined) | undefined
  /** Told what is likely a mistake, and does not stop the run. */
  readonly onWarning?: ((problem: SchemaProblem) => void) | undefined
  /** Whether warnings stop the run as errors do. @default false */
  readonly warningsFatal?: boolean | undefined
}

/**
 * The intermediate form of a schema.
 *
 * @param source the XML of the schema, as text or bytes, or the bytes of an IR file (`.sbeir`) of the reference tool
 * @param file name of the file: of the errors, and where the paths of what it includes begin
 * @throws SchemaError with every problem found, each with its file and line
 */
export function readIr(source: string | Uint8Array, file: string, options: ReadOptions = {}): Ir {
  const problems = new Problems(file)
  if (typeof source !== 'string') {
    if (!isSbeir(source)) return readIr(xmlText(source, problems), file, options)
    const ir = readSbeir(source, file)
    const asked = versionOf(options, ir.id)
    if (asked !== undefined && asked !== ir.version) {
      problems.add(
        0,
        `Cannot generate version ${asked} from an IR file: it does not say what each version had; give the XML`,
      )
      problems.throwIfAny()
    }
    return ir
  }
  const readFile = options.readFile ?? ((path: string): string => schemaText(readFileSync(path)))
  const tellWarnings = (): void => {
    for (const warning of problems.warnings) {
      if (options.warningsFatal === true) problems.add(warning, warning.message)
      else options.onWarning?.(warning)
    }
    problems.throwIfAny()
  }
  let schema: Schema
  try {
    schema = parseSchema(source.replace(/^\ufeff/, ''), problems, readFile)
  } catch (error) {
    // What is only likely a mistake is told beside the errors.
    if (error instanceof SchemaError) tellWarnings()
    throw error
  }
  tellWarnings()
  const schemaVersion = versionOf(options, schema.id)
  return buildIr(schemaVersion === undefined ? schema : olderSchema(schema, schemaVersion, problems))
}

function xmlText(bytes: Uint8Array, problems: Problems): string {
  try {
    return schemaText(bytes)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    problems.add(1, error.message)
    problems.throwIfAny()
    throw error
  }
}

function versionOf({ schemaVersion }: ReadOptions, id: number): number | undefined {
  return typeof schemaVersion === 'function' ? schemaVersion(id) : schemaVersion
}

/**
 * The intermediate form of a schema file: XML, or an IR file (`.sbeir`).
 *
 * @throws SchemaError as readIr, and where the file cannot be read
 */
export function readIrFile(file: string, options: ReadOptions = {}): Ir {
  let source: Buffer
  try {
    source = readFileSync(file)
  } catch (error) {
    const problems = new Problems(file)
    const reason = error instanceof Error ? error.message : String(error)
    problems.add(0, `Cannot read the schema: ${reason}; correct the path`)
    problems.throwIfAny()
    throw error
  }
  return readIr(source, file, options)
}
