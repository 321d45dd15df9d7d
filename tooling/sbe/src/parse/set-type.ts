import { Attributes } from './attributes.ts'
import { isExpected, namedEncoding } from './named-encoding.ts'
import { sizeOfPrimitive, type PrimitiveType } from './primitives.ts'
import { inLine } from './schema-error.ts'
import type { SetChoice, SetType } from './schema-model.ts'
import type { TypeContext } from './type-table.ts'
import type { XmlElement } from './xml.ts'

const SET_ENCODINGS: readonly PrimitiveType[] = ['uint8', 'uint16', 'uint32', 'uint64']

/** Reads a `<set>`. */
export function readSetType(element: XmlElement, context: TypeContext): SetType | undefined {
  const attributes = new Attributes(element, context.problems, ['encodingType', 'offset', 'presence'])
  const described = attributes.described()
  const encoding = namedEncoding(attributes, context, SET_ENCODINGS)?.primitiveType
  if (encoding === undefined) return undefined
  // Of two choices of one name the later counts, in the place of the first, as in the reference tool.
  const choices = new Map<string, SetChoice>()
  for (const child of element.children) {
    if (!isExpected(child, 'choice', context, 'set')) continue
    const choice = readChoice(new Attributes(child, context.problems, []), encoding, choices.values())
    if (choice !== undefined) choices.set(choice.name, choice)
  }
  const presence = attributes.presence() ?? 'required'
  return {
    kind: 'set',
    ...described,
    packageName: context.packageName,
    presence,
    encoding,
    choices: [...choices.values()],
  }
}

function readChoice(
  attributes: Attributes,
  encoding: PrimitiveType,
  choices: Iterable<SetChoice>,
): SetChoice | undefined {
  const described = attributes.described()
  const { name } = described
  const { text } = attributes.element
  const bits = sizeOfPrimitive(encoding) * 8
  const bit = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (!(bit < bits)) {
    attributes.problem(`bit of "${name}" is "${text}"; make it a number from 0 to ${bits - 1}`)
    return undefined
  }
  for (const twin of choices) {
    const at = inLine(twin, described)
    if (twin.name === name) {
      attributes.warn(`"${name}" is in ${at} too, and that one has no effect; remove one, or rename it`)
    } else if (twin.bit === bit) {
      attributes.warn(
        `"${name}" has the bit of "${twin.name}" in ${at}, which cannot be told apart; change one`,
      )
    }
  }
  return { ...described, bit }
}
