import { DOMParser, ParseError, type Element } from '@xmldom/xmldom'
import type { Problems } from './schema-error.ts'

/** An XML element with the line it starts on. */
export interface XmlElement {
  /** Name without its namespace prefix. */
  readonly name: string
  readonly namespace: string | null
  readonly line: number
  /** Attributes without a namespace; those with one (xsi:schemaLocation, xmlns:*) are not of the schema. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Text directly inside the element, trimmed. */
  readonly text: string
}

const ELEMENT_NODE = 1
const TEXT_NODE = 3
const CDATA_NODE = 4

/** Reads XML text to its root element. Throws SchemaError, through `problems`, where it is not well formed. */
export function parseXml(text: string, problems: Problems): XmlElement {
  let failed = false
  const fail = (line: number, message: string): void => {
    failed = true
    problems.add(line, `Cannot read the schema: ${message.trim()}; correct the XML`)
  }
  const parser = new DOMParser({
    locator: true,
    onError: (level, message, context) => {
      // A fatal error is also thrown, and reported below.
      if (level !== 'fatalError') fail(lineOf(context), message)
    },
  })
  let root: Element | null = null
  try {
    root = parser.parseFromString(text, 'text/xml').documentElement
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    fail(lineOf(error), error.message)
  }
  if (root === null && !failed) fail(1, 'there is no root element')
  problems.throwIfAny()
  return toElement(root as Element)
}

function lineOf(context: unknown): number {
  const locator = (context as { locator?: { lineNumber?: number } } | undefined)?.locator
  // Line 0 is what the parser says of an empty document.
  return Math.max(1, locator?.lineNumber ?? 1)
}

function toElement(node: Element): XmlElement {
  const attributes = new Map<string, string>()
  for (let i = 0; i < node.attributes.length; i++) {
    const attribute = node.attributes.item(i)
    if (attribute !== null && attribute.namespaceURI === null) attributes.set(attribute.name, attribute.value)
  }
  const children: XmlElement[] = []
  let content = ''
  for (let i = 0; i < node.childNodes.length; i++) {
    const child = node.childNodes.item(i)
    if (child === null) continue
    if (child.nodeType === ELEMENT_NODE) children.push(toElement(child as Element))
    else if (child.nodeType === TEXT_NODE || child.nodeType === CDATA_NODE) content += child.nodeValue ?? ''
  }
  return {
    name: node.localName ?? node.tagName,
    namespace: node.namespaceURI,
    line: node.lineNumber ?? 1,
    attributes,
    children,
    text: content.trim(),
  }
}
