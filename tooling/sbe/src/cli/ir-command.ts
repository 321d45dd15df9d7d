import { writeFileSync } from 'node:fs'
import { writeSbeir } from '../ir/write-sbeir.ts'
import { formatProblem } from '../parse/schema-error.ts'
import { readIrFile } from '../read-ir.ts'
import { attempt, onFiles, type Output } from './output.ts'
import { schemaVersionOf, type SchemaVersions } from './schema-versions.ts'

/** What `sbe-ts ir` was asked for. */
export interface IrArguments {
  readonly out: string
  readonly schemaVersion?: SchemaVersions
}

/** Runs `sbe-ts ir`. Returns the exit code. */
export function runIr(schema: string, asked: IrArguments, output: Output): number {
  const isDone = attempt(output, () => {
    const ir = readIrFile(schema, {
      schemaVersion: (id) => schemaVersionOf(asked.schemaVersion, id),
      onWarning: (warning) => output.print(`warning: ${formatProblem(warning)}`),
    })
    const bytes = writeSbeir(ir)
    onFiles(`write ${asked.out}`, () => writeFileSync(asked.out, bytes))
    output.print(`${asked.out}: ${bytes.length} bytes`)
  })
  return isDone ? 0 : 1
}
