import { DOMParser, ParseError, type Element } from '@xmldom/xmldom'
import { MAX_NESTING } from './nesting.ts'
import type { Problems } from './schema-error.ts'
import { Includes, type ReadFile, XINCLUDE_NAMESPACE } from './xinclude.ts'

/** An XML element with the file and line it starts on. */
export interface XmlElement {
  /** Name without its namespace prefix; with it where the namespace is none of SBE. */
  readonly name: string
  readonly namespace: string | null
  readonly file: string
  readonly line: number
  /** Attributes without a namespace; those with one (xsi:schemaLocation, xmlns:*) are not of the schema. */
  readonly attributes: ReadonlyMap<string, string>
  /** Those inside, with what xi:include elements bring in their place. */
  readonly children: readonly XmlElement[]
  /** Text directly inside the element, trimmed. */
  readonly text: string
  /** The same as it is written. */
  readonly rawText: string
}

/** Namespaces that SBE has used for its elements. */
export const SBE_NAMESPACES: readonly string[] = [
  'http://fixprotocol.io/2016/sbe',
  'http://fixprotocol.io/2017/sbe',
]

const ELEMENT_NODE = 1
const TEXT_NODE = 3
const CDATA_NODE = 4

/**
 * Reads XML text to its root element.
 *
 * @param readFile reads the files that the text includes
 * @throws SchemaError, through `problems`, where it, or what it includes, is not well formed
 */
export function parseXml(text: string, problems: Problems, readFile: ReadFile): XmlElement {
  const reader = new XmlReader(problems, readFile)
  const root = reader.read(text, problems.file)
  problems.throwIfAny()
  return root as XmlElement
}

class XmlReader {
  readonly #problems: Problems
  readonly #includes: Includes
  /** That of the schema, whichever it is, and not that of a file which it includes. */
  #rootNamespace: { readonly uri: string | null } | undefined
  #depth = 0

  constructor(problems: Problems, readFile: ReadFile) {
    this.#problems = problems
    this.#includes = new Includes(problems, readFile)
  }

  /** The root element of a file; undefined where it is not well formed, which is then reported. */
  read(text: string, file: string): XmlElement | undefined {
    let failed = false
    const fail = (line: number, message: string): void => {
      failed = true
      const entity = /^entity not found:\s*(&[^;]*;)/.exec(message)?.[1]
      const what =
        entity === undefined
          ? `${message.trim()}; correct the XML`
          : `${entity} is an entity of a document type, which is not read; write its text in its place, or use xi:include`
      this.#problems.add({ file, line }, `Cannot read the schema: ${what}`)
    }
    const parser = new DOMParser({
      locator: true,
      // Protocol: as XML 1.0 has it; the parser's own would take other characters of Unicode too.
      normalizeLineEndings: (source) => source.replaceAll(/\r\n?/g, '\n'),
      onError: (level, message, context) => {
        // A fatal error is also thrown, and reported below.
        if (level !== 'fatalError') fail(lineOf(context), message)
      },
    })
    let root: Element | null = null
    try {
      const document = parser.parseFromString(text, 'text/xml')
      root = document.documentElement
      if (document.doctype !== null) {
        const message = 'the document type is not read, and has no effect; remove it'
        this.#problems.warn({ file, line: document.doctype.lineNumber ?? 1 }, message)
      }
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      fail(lineOf(error), error.message)
    }
    if (root === null && !failed) fail(1, 'there is no root element')
    if (failed || root === null) return undefined
    this.#rootNamespace ??= { uri: root.namespaceURI }
    return this.#element(root, file)
  }

  #element(node: Element, file: string): XmlElement {
    const children: XmlElement[] = []
    const element: XmlElement & { text: string; rawText: string } = {
      name: this.#nameOf(node),
      namespace: node.namespaceURI,
      file,
      line: node.lineNumber ?? 1,
      attributes: attributesOf(node),
      children,
      text: '',
      rawText: '',
    }
    if (this.#depth === MAX_NESTING) {
      const message = `Cannot read the schema: <${element.name}> is inside of ${MAX_NESTING} other elements; nest less deeply`
      this.#problems.add(element, message)
      return element
    }
    this.#depth++
    for (let i = 0; i < node.childNodes.length; i++) {
      const child = node.childNodes.item(i)
      if (child === null) continue
      if (child.nodeType === ELEMENT_NODE) children.push(...this.#place(child as Element, file))
      else if (child.nodeType === TEXT_NODE || child.nodeType === CDATA_NODE) {
        element.rawText += child.nodeValue ?? ''
      }
    }
    this.#depth--
    element.text = element.rawText.trim()
    return element
  }

  #nameOf(node: Element): string {
    const known = [null, XINCLUDE_NAMESPACE, ...SBE_NAMESPACES, this.#rootNamespace?.uri]
    if (known.includes(node.namespaceURI)) return node.localName ?? node.tagName
    return node.prefix === null ? `${node.tagName} xmlns="${node.namespaceURI}"` : node.tagName
  }

  /** The element itself, or what an xi:include brings in its place. */
  #place(node: Element, file: string): readonly XmlElement[] {
    const element = this.#element(node, file)
    if (element.namespace !== XINCLUDE_NAMESPACE || element.name !== 'include') return [element]
    return this.#includes.expand(element, (text, included) => this.read(text, included))
  }
}

function attributesOf(node: Element): Map<string, string> {
  const attributes = new Map<string, string>()
  for (let i = 0; i < node.attributes.length; i++) {
    const attribute = node.attributes.item(i)
    if (attribute !== null && attribute.namespaceURI === null) attributes.set(attribute.name, attribute.value)
  }
  return attributes
}

function lineOf(context: unknown): number {
  const locator = (context as { locator?: { lineNumber?: number } } | undefined)?.locator
  // Line 0 is what the parser says of an empty document.
  return Math.max(1, locator?.lineNumber ?? 1)
}
