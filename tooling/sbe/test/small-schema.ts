import { readIr } from '../src/read-ir.ts'
import { formatProblem, SchemaError } from '../src/parse/schema-error.ts'

/** Its message header. */
export const HEADER = `<composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
<type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/></composite>`
const DIMENSIONS =
  '<composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint16"/></composite>'
const BYTES =
  '<composite name="bytes"><type name="length" primitiveType="uint16"/><type name="varData" primitiveType="uint8" length="0"/></composite>'
const SIDE =
  '<enum name="Side" encodingType="uint8"><validValue name="BUY">1</validValue><validValue name="SELL">2</validValue></enum>'

/** A schema whose own types begin in line 5, and whose message is in the line after them. */
export function schema(types: string, body = '', attributes = ''): string {
  return `<sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="p" id="1" version="3" ${attributes}><types>
${HEADER}
${DIMENSIONS}${BYTES}${SIDE}
${types}</types>
<sbe:message name="M" id="1">${body}</sbe:message></sbe:messageSchema>`
}

/** What was found in a schema, each with its place. */
export interface Result {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Reads a schema as `dir/a.xml`, with the files that it includes by their paths. */
export function read(text: string, files: Readonly<Record<string, string>> = {}): Result {
  const warnings: string[] = []
  const readFile = (file: string): string => {
    const content = files[file]
    if (content === undefined) throw new Error('no such file')
    return content
  }
  try {
    readIr(text, 'dir/a.xml', { readFile, onWarning: (warning) => warnings.push(formatProblem(warning)) })
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    return { errors: error.problems.map(formatProblem), warnings }
  }
  return { errors: [], warnings }
}
