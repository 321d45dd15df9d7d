import { dirname, isAbsolute, join, normalize } from 'node:path'
import type { Problems } from './schema-error.ts'
import type { XmlElement } from './xml.ts'

/** Reads the text of a file that a schema includes. Throws where there is none. */
export type ReadFile = (file: string) => string

/** Protocol: XML Inclusions (XInclude) 1.0. */
export const XINCLUDE_NAMESPACE = 'http://www.w3.org/2001/XInclude'

/**
 * Replaces xi:include elements by the root element of the file that they name. As in the reference tool, a path is
 * relative to the file that has the element, and what is included may include more.
 */
export class Includes {
  readonly #problems: Problems
  readonly #readFile: ReadFile
  /** The files that are being read, each included by the one before it. */
  readonly #open: string[]

  constructor(problems: Problems, readFile: ReadFile) {
    this.#problems = problems
    this.#readFile = readFile
    this.#open = [normalize(problems.file)]
  }

  /** What comes in the place of an xi:include element: one element, those of its fallback, or none where it has problems. */
  expand(
    element: XmlElement,
    read: (text: string, file: string) => XmlElement | undefined,
  ): readonly XmlElement[] {
    const href = this.#hrefOf(element)
    if (href === undefined) return []
    const file = isAbsolute(href) ? href : join(dirname(element.file), href)
    if (this.#open.includes(file)) {
      const path = [...this.#open.slice(this.#open.indexOf(file)), file].join(' includes ')
      this.#problem(element, `${path}; remove one of these xi:include elements`)
      return []
    }
    const text = this.#textOf(element, file)
    if (typeof text !== 'string') return text
    this.#open.push(file)
    const root = read(text, file)
    this.#open.pop()
    return root === undefined ? [] : [root]
  }

  #hrefOf(element: XmlElement): string | undefined {
    const href = element.attributes.get('href')
    if (href === undefined || href === '') {
      this.#problem(element, 'it has no href; add the path of the file')
      return undefined
    }
    if (element.attributes.has('xpointer') || (element.attributes.get('parse') ?? 'xml') !== 'xml') {
      this.#problem(element, 'only whole XML files are included; remove xpointer and parse')
      return undefined
    }
    if (/^[a-z][a-z0-9+.-]+:/i.test(href)) {
      this.#problem(element, `href is "${href}"; make it a path relative to this file`)
      return undefined
    }
    return href
  }

  #textOf(element: XmlElement, file: string): string | readonly XmlElement[] {
    try {
      return this.#readFile(file)
    } catch (error) {
      const fallback = element.children.find(({ name }) => name === 'fallback')
      if (fallback !== undefined) return fallback.children
      const reason = error instanceof Error ? error.message : String(error)
      this.#problem(element, `${file} cannot be read (${reason}); correct the path`)
      return []
    }
  }

  #problem(element: XmlElement, message: string): void {
    this.#problems.add(element, `Cannot include: ${message}`)
  }
}
