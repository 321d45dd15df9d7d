import type { DecodedMessage } from './decode-json.ts'
import type { Json } from './json-listener.ts'

/** A decoded message for reading: a line for each field, indented by what it stands in. */
export function messageText(message: DecodedMessage): string {
  const { name, templateId, version, fields } = message
  const lines = [`${name} (template ${templateId}, version ${version})`]
  printObject(fields, '  ', lines)
  return lines.join('\n')
}

function printObject(object: Readonly<Record<string, Json>>, indent: string, lines: string[]): void {
  for (const [name, value] of Object.entries(object)) {
    if (isObject(value)) {
      lines.push(`${indent}${name}`)
      printObject(value, `${indent}  `, lines)
    } else if (Array.isArray(value) && value.some(isObject)) {
      for (const [index, entry] of value.entries()) {
        lines.push(`${indent}${name}[${index}]`)
        if (isObject(entry)) printObject(entry, `${indent}  `, lines)
      }
    } else lines.push(`${indent}${name} = ${scalarText(value)}`)
  }
}

function scalarText(value: Json): string {
  if (value === null) return 'none'
  return Array.isArray(value) ? `[${value.map(scalarText).join(', ')}]` : `${value as string}`
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
