import { PRIMITIVES } from '../../src/parse/primitives.ts'
import type { PrimitiveType } from '../../src/parse/primitives.ts'
import { DIMENSIONS, field, HEADER, varData } from './schema-text.ts'
import { Random } from './values.ts'

/** The newest version of a random schema. */
export const NEWEST = 3

const NUMBERS = Object.keys(PRIMITIVES).filter((type) => type !== 'char') as PrimitiveType[]
/** Words of the language, of Java too, and names in other cases. */
const WORDS = ['in', 'delete', 'typeof', 'Upper', 'snake_case']

/** A type: its bytes, and its element under a name as a version of the schema has it. */
interface Kind {
  readonly size: number
  element(name: string, attributes: string, version: number): string
}

/** A type that is declared. */
interface Declared {
  readonly name: string
  readonly kind: Kind
  readonly since: number
}

/** What came in a version. */
interface Part {
  readonly since: number
  element(version: number): string
}

/** A random schema, by its version: all kinds of parts in one another, with room for what came later, so that none moves. */
export function randomSchema(seed: number): (version: number) => string {
  const schema = new RandomSchema(new Random(seed))
  return (version) => schema.print(version)
}

class RandomSchema {
  readonly #random: Random
  readonly #order: string
  readonly #types: Declared[] = []
  readonly #messages: Part[]
  #names = 0

  constructor(random: Random) {
    this.#random = random
    this.#order = random.pick(['littleEndian', 'bigEndian'])
    for (let i = 0; i < 4; i++) this.#declare(`T${i}`, this.#number())
    for (let i = 0; i < 3; i++) {
      this.#declare(`E${i}`, this.#enum())
      this.#declare(`S${i}`, this.#set())
    }
    for (let i = 0; i < 5; i++) this.#declare(`C${i}`, this.#composite(2))
    this.#messages = [1, 2, 3].map((id) => {
      const body = this.#body(2)
      return { since: 0, element: (of) => `<sbe:message name="M${id}" id="${id}">${body(of)}</sbe:message>` }
    })
  }

  print(version: number): string {
    const types: Part[] = this.#types.map(({ name, kind, since }) => ({
      since,
      element: (of) => kind.element(name, place(since), of),
    }))
    const data =
      varData('text', 'uint16', 'uint8', 'characterEncoding="UTF-8"') + varData('blob', 'uint32', 'uint8')
    return `<sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="random" id="1" version="${version}" byteOrder="${this.#order}">
<types>${HEADER}${DIMENSIONS}${data}
${inVersion(types, version)}</types>
${inVersion(this.#messages, version)}
</sbe:messageSchema>
`
  }

  #declare(name: string, kind: Kind): void {
    this.#types.push({ name, kind, since: this.#since() })
  }

  #since(): number {
    return this.#random.below(2) === 0 ? 0 : this.#random.below(NEWEST + 1)
  }

  /** Names inside one class; those of other classes may be the same. */
  #namesOf(count: number): string[] {
    const words = WORDS.filter(() => this.#random.below(4) === 0)
    return Array.from({ length: count }, () => words.pop() ?? `f${this.#names++}`)
  }

  #number(): Kind {
    const { size, attributes, value } = this.#random.pick([this.#text(), ...this.#numbers()])
    return {
      size,
      element: (name, more) => `<type name="${name}" ${attributes} ${more}>${value ?? ''}</type>`,
    }
  }

  #text(): { size: number; attributes: string; value?: string } {
    const length = 2 + this.#random.below(6)
    return { size: length, attributes: `primitiveType="char" length="${length}"` }
  }

  #numbers(): { size: number; attributes: string; value?: string }[] {
    const type = this.#random.pick(NUMBERS)
    const { size } = PRIMITIVES[type]
    return [
      { size, attributes: `primitiveType="${type}"` },
      { size, attributes: `primitiveType="${type}" presence="optional"` },
      { size: size * 3, attributes: `primitiveType="${type}" length="3"` },
      { size: 0, attributes: 'primitiveType="uint8" presence="constant"', value: '7' },
    ]
  }

  #enum(): Kind {
    const type = this.#random.pick(['char', 'uint8', 'int16', 'int32'] as const)
    const values: Part[] = [0, this.#since(), this.#since()].map((since, index) => {
      const value = type === 'char' ? 'ABC'.charAt(index) : index + 1
      return {
        since,
        element: () => `<validValue name="V${index}" ${place(since)}>${value}</validValue>`,
      }
    })
    return {
      size: PRIMITIVES[type].size,
      element: (name, more, of) =>
        `<enum name="${name}" encodingType="${type}" ${more}>${inVersion(values, of)}</enum>`,
    }
  }

  #set(): Kind {
    const type = this.#random.pick(['uint8', 'uint16', 'uint32', 'uint64'] as const)
    const { size } = PRIMITIVES[type]
    const choices: Part[] = [0, this.#since(), this.#since()].map((since, index) => {
      const bit = [0, 3, size * 8 - 1][index]
      return { since, element: () => `<choice name="b${index}" ${place(since)}>${bit}</choice>` }
    })
    return {
      size,
      element: (name, more, of) =>
        `<set name="${name}" encodingType="${type}" ${more}>${inVersion(choices, of)}</set>`,
    }
  }

  #composite(depth: number): Kind {
    const members: Part[] = []
    let size = 0
    for (let index = 0; index <= this.#random.below(4); index++) {
      const since = index === 0 ? 0 : this.#since()
      // It has bytes in every version.
      const kind = index === 0 ? this.#set() : this.#member(depth, since)
      const offset = placeOf(kind, size + this.#gap())
      // Most are classes of the schema, which have no other's name.
      const name = `P${this.#names++}`
      members.push({ since, element: (of) => kind.element(name, place(since, offset), of) })
      if (offset !== undefined) size = offset + kind.size
    }
    return {
      size,
      element: (name, more, of) => `<composite name="${name}" ${more}>${inVersion(members, of)}</composite>`,
    }
  }

  #member(depth: number, since: number): Kind {
    const declared = this.#types.filter((type) => type.kind.size > 0 && type.since <= since)
    const kinds = [() => this.#number(), () => this.#enum(), () => this.#set()]
    if (depth > 0) kinds.push(() => this.#composite(depth - 1))
    if (declared.length > 0) kinds.push(() => refTo(this.#random.pick(declared)))
    return this.#random.pick(kinds)()
  }

  #gap(): number {
    return this.#random.below(3) === 0 ? this.#random.below(4) : 0
  }

  #body(depth: number): (version: number) => string {
    const isMessage = depth === 2
    const names = this.#namesOf(9)
    let id = 1
    const parts = this.#fields(() => names.pop() ?? '', this.#random.below(5))
    const add = (since: number, element: (name: string, of: number) => string): void => {
      const name = names.pop() ?? ''
      parts.push({ since, element: (of) => element(name, of) })
    }
    const group = (since: number): void => {
      const [own, body] = [50 + id++, this.#body(depth - 1)]
      add(since, (name, of) => `<group name="${name}" id="${own}" ${place(since)}>${body(of)}</group>`)
    }
    const data = (since: number): void => {
      const [own, type] = [50 + id++, this.#random.pick(['text', 'blob'])]
      add(since, (name) => `<data name="${name}" id="${own}" type="${type}" ${place(since)}/>`)
    }
    for (let count = depth > 0 ? this.#random.below(3) : 0; count > 0; count--) group(0)
    // What older readers do not know may stand at the end of a message only.
    if (isMessage && this.#random.below(2) === 0) group(this.#since())
    else {
      for (let count = this.#random.below(3); count > 0; count--) data(0)
      if (isMessage) data(this.#since())
    }
    return (of) => inVersion(parts, of)
  }

  #fields(next: () => string, count: number): Part[] {
    let end = 0
    return Array.from({ length: count }, (_, index) => {
      const { name: type, kind, since: ofType } = this.#random.pick(this.#types)
      const [name, since] = [next(), Math.max(this.#since(), ofType)]
      const offset = placeOf(kind, end + this.#gap())
      if (offset !== undefined) end = offset + kind.size
      // As in the reference tool, an offset of 0 is none.
      return { since, element: () => field(name, index + 1, type, place(since, offset || undefined)) }
    })
  }
}

function refTo({ name: type, kind }: Declared): Kind {
  return { size: kind.size, element: (name, more) => `<ref name="${name}" type="${type}" ${more}/>` }
}

/** A constant has no bytes, and no place. */
function placeOf(kind: Kind, offset: number): number | undefined {
  return kind.size === 0 ? undefined : offset
}

function place(since: number, offset?: number): string {
  const version = since > 0 ? `sinceVersion="${since}"` : ''
  return offset === undefined ? version : `offset="${offset}" ${version}`
}

function inVersion(parts: readonly Part[], version: number): string {
  return parts
    .filter(({ since }) => since <= version)
    .map((part) => part.element(version))
    .join('\n')
}
