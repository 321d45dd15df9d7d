/** What `JSON.stringify()` takes as it is. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** A number for JSON: a bigint, or what JSON has no number for, as text; null where it is the null value. */
export function valueJson(value: number | bigint, nullValue?: number | bigint): Json {
  if (nullValue !== undefined && Object.is(value, nullValue)) return null
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value)
}

/** The elements of an array of fixed length for JSON. */
export function arrayJson(length: number, element: (index: number) => number | bigint): Json {
  return Array.from({ length }, (_, index) => valueJson(element(index)))
}

/** An enum for JSON: the name of its member, the value on the wire where there is none, null where that is the null value. */
export function enumJson(
  members: Readonly<Record<string, number | bigint | string>>,
  member: number | bigint | string | undefined,
  raw: number | bigint,
  nullValue: number | bigint,
): Json {
  if (member === undefined) return raw === nullValue ? null : valueJson(raw)
  return Object.keys(members).find((name) => members[name] === member) ?? valueJson(raw)
}

/** A set for JSON: the names of its bits. */
export function setJson(choices: Readonly<Record<string, number | bigint>>, bits: number | bigint): Json {
  return Object.entries(choices)
    .filter(([, choice]) => (BigInt(bits) & BigInt(choice)) !== 0n)
    .map(([name]) => name)
}

/** Bytes for JSON, in hexadecimal. */
export function bytesJson(bytes: Uint8Array): Json {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The entries of a group for JSON. */
export function entriesJson(cursor: { next(): boolean; sbeJson(): Json }): Json {
  const entries: Json[] = []
  while (cursor.next()) entries.push(cursor.sbeJson())
  return entries
}

/** A flyweight on one line: its name, and what is in it. */
export function jsonText(name: string, json: Json): string {
  return `${name}${textOf(json)}`
}

function textOf(json: Json): string {
  if (typeof json === 'string') return JSON.stringify(json)
  if (json === null || typeof json !== 'object') return String(json)
  if (isList(json)) return `[${json.map(textOf).join(', ')}]`
  return `(${Object.entries(json)
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join(', ')})`
}

function isList(json: readonly Json[] | { readonly [name: string]: Json }): json is readonly Json[] {
  return Array.isArray(json)
}
