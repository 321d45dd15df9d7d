import { expect, test } from 'vitest'
import { schemaText } from './schema-text.ts'

const text = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><größe/>`

test('reads the encodings that a byte order mark or the XML declaration tells', () => {
  const utf16 = Buffer.from(`\ufeff${text('UTF-16')}`, 'utf16le')
  expect(schemaText(utf16)).toBe(text('UTF-16'))
  expect(schemaText(Buffer.from(utf16).swap16())).toBe(text('UTF-16'))
  expect(schemaText(Buffer.from(text('ISO-8859-1'), 'latin1'))).toBe(text('ISO-8859-1'))
  expect(schemaText(Buffer.from(`\ufeff${text('UTF-8')}`))).toBe(text('UTF-8'))
  expect(schemaText(Buffer.from('<größe/>'))).toBe('<größe/>')
  expect(() => schemaText(Buffer.from(text('KLINGON')))).toThrow('save it in UTF-8')
})
