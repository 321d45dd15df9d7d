import { Signal } from './signal.ts'
import type { Token } from './token.ts'

/** A field, or a member of a composite, and the tokens of its type. */
export interface FieldView {
  readonly token: Token
  /** The first token of the type: ENCODING, BEGIN_ENUM, BEGIN_SET or BEGIN_COMPOSITE. */
  readonly type: Token
  /** All tokens of the type. */
  readonly tokens: readonly Token[]
}

/** A group: its dimensions and the body of one entry. */
export interface GroupView {
  readonly token: Token
  readonly blockLength: Token
  readonly numInGroup: Token
  /** Bytes of the dimensions. */
  readonly headerLength: number
  readonly body: BodyView
}

/** Variable-length data: the token of its length and of its bytes. */
export interface VarDataView {
  readonly token: Token
  readonly length: Token
  readonly data: Token
}

/** A message or group entry, taken apart. */
export interface BodyView {
  readonly fields: readonly FieldView[]
  readonly groups: readonly GroupView[]
  readonly varData: readonly VarDataView[]
}

/** Takes apart the tokens of one message, its BEGIN and END included. */
export function viewMessage(tokens: readonly Token[]): BodyView {
  return viewBody(tokens.slice(1, -1))
}

/** The tokens directly inside a composite, enum or set, without those inside them. */
export function childrenOf(tokens: readonly Token[]): Token[] {
  const children: Token[] = []
  for (let i = 1; i < tokens.length - 1;) {
    const token = tokenAt(tokens, i)
    children.push(token)
    i += token.componentTokenCount
  }
  return children
}

/** The members of a composite as fields. */
export function viewMembers(tokens: readonly Token[]): FieldView[] {
  return childrenOf(tokens).map((member) => {
    const start = tokens.indexOf(member)
    return { token: member, type: member, tokens: tokens.slice(start, start + member.componentTokenCount) }
  })
}

function viewBody(tokens: readonly Token[]): BodyView {
  const fields: FieldView[] = []
  const groups: GroupView[] = []
  const varData: VarDataView[] = []
  for (let i = 0; i < tokens.length;) {
    const token = tokenAt(tokens, i)
    const inner = tokens.slice(i + 1, i + token.componentTokenCount - 1)
    if (token.signal === Signal.BEGIN_FIELD) fields.push(viewField(token, inner))
    else if (token.signal === Signal.BEGIN_GROUP) groups.push(viewGroup(token, inner))
    else if (token.signal === Signal.BEGIN_VAR_DATA) {
      varData.push({ token, length: named(inner, 'length'), data: named(inner, 'varData') })
    } else throw new Error(`Cannot read the intermediate form: ${token.signal} "${token.name}" inside a body`)
    i += token.componentTokenCount
  }
  return { fields, groups, varData }
}

/** A field without words of its own takes those of its type. */
function viewField(token: Token, tokens: readonly Token[]): FieldView {
  const type = tokenAt(tokens, 0)
  const description = token.description === '' ? type.description : token.description
  return { token: { ...token, description, deprecated: token.deprecated ?? type.deprecated }, type, tokens }
}

function viewGroup(token: Token, inner: readonly Token[]): GroupView {
  const composite = tokenAt(inner, 0)
  const dimensions = inner.slice(0, composite.componentTokenCount)
  return {
    token,
    blockLength: named(dimensions, 'blockLength'),
    numInGroup: named(dimensions, 'numInGroup'),
    headerLength: composite.encodedLength,
    body: viewBody(inner.slice(composite.componentTokenCount)),
  }
}

function named(tokens: readonly Token[], name: string): Token {
  const token = tokens.find((other) => other.name === name && other.signal === Signal.ENCODING)
  if (token === undefined) throw new Error(`Cannot read the intermediate form: no encoding "${name}"`)
  return token
}

function tokenAt(tokens: readonly Token[], index: number): Token {
  const token = tokens[index]
  if (token === undefined) throw new Error(`Cannot read the intermediate form: no token ${index}`)
  return token
}
