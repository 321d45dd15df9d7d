import { formatProblem } from '../parse/schema-error.ts'
import { readIrFile } from '../read-ir.ts'
import { attempt, type Output } from './output.ts'

/** What `sbe-ts validate` was asked for. */
export interface ValidateArguments {
  readonly warningsFatal?: boolean
}

/** Runs `sbe-ts validate`. Returns the exit code. */
export function runValidate(schemas: readonly string[], asked: ValidateArguments, output: Output): number {
  let failures = 0
  for (const schema of schemas) {
    const isRight = attempt(output, () => {
      const ir = readIrFile(schema, {
        warningsFatal: asked.warningsFatal,
        onWarning: (warning) => output.print(`warning: ${formatProblem(warning)}`),
      })
      output.print(
        `${schema}: valid; ${ir.package}, id ${ir.id}, version ${ir.version}, ${ir.messages.length} messages`,
      )
    })
    if (!isRight) failures++
  }
  return failures > 0 ? 1 : 0
}
