import type { Attributes } from './attributes.ts'
import type { SchemaType } from './schema-model.ts'

/** A field, or a member of a composite. */
interface Part {
  readonly name: string
  readonly sinceVersion: number
  readonly type: SchemaType
}

/** The parts of a block or composite in their order: finds those that others, which came later, have moved. */
export class PartOrder {
  readonly #sinceVersion: number
  /** What came last of the parts that push the next one back, and its name until that is told. */
  #newest: number
  #name = ''

  /** @param sinceVersion version that the block or composite came in */
  constructor(sinceVersion: number) {
    this.#sinceVersion = sinceVersion
    this.#newest = sinceVersion
  }

  /** Adds a part; the first without an offset behind what came later is warned of. */
  add(part: Part, attributes: Attributes): void {
    const since = Math.max(part.sinceVersion, part.type.sinceVersion)
    if (attributes.text('offset') !== undefined) {
      this.#newest = this.#sinceVersion
      this.#name = ''
    } else if (since < this.#newest && this.#name !== '') {
      attributes.warn(
        `"${part.name}" stands behind "${this.#name}", of which something came in version ${this.#newest}: older messages have it elsewhere; add what is new at the end`,
      )
      this.#name = ''
    }
    const newest = Math.max(since, newestOf(part.type))
    if (newest <= this.#newest) return
    this.#newest = newest
    this.#name = part.name
  }
}

/** The version that added the last member to a composite, or to one inside it. */
function newestOf(type: SchemaType): number {
  const members = type.kind === 'composite' ? type.members : []
  return Math.max(0, ...members.map((member) => Math.max(member.sinceVersion, newestOf(member.type))))
}
