import { expect, test } from 'vitest'
import { breakLine } from './break-line.ts'

const LONG = 'aVeryLongNameThatFillsTheLine'.repeat(3)

test('a line that fits stays whole', () => {
  expect(breakLine('  ', 'return check(a, b)')).toEqual(['  return check(a, b)'])
})

test('a call that is too long has its arguments on lines of their own', () => {
  expect(breakLine('  ', `return check(first, 'a, (b', ${LONG}, last)`)).toEqual([
    '  return check(',
    '    first,',
    "    'a, (b',",
    `    ${LONG},`,
    '    last,',
    '  )',
  ])
})

test('parameters break at the brackets of the method, whatever is in the type', () => {
  expect(breakLine('', `dispatch(buffer: ${LONG}, handlers: Handlers): this {`)).toEqual([
    'dispatch(',
    `  buffer: ${LONG},`,
    '  handlers: Handlers,',
    '): this {',
  ])
})

test('the statement of an if or else without braces goes to a line of its own', () => {
  expect(breakLine('', `if (isAbsent(a)) return ${LONG}(something)`)).toEqual([
    'if (isAbsent(a))',
    `  return ${LONG}(something)`,
  ])
  const statement = `this.startsAt = ${LONG}(a)`
  expect(breakLine('', `else ${statement}`)).toEqual(['else', `  ${statement}`])
})

test('what is assigned goes to the next line where the brackets are too far right', () => {
  expect(breakLine('  ', `readonly #${LONG}: T = new ${LONG}(limit)`)).toEqual([
    `  readonly #${LONG}: T =`,
    `    new ${LONG}(limit)`,
  ])
})

test('a line that nothing breaks stays as it is', () => {
  expect(breakLine('', `${LONG}${LONG}`)).toEqual([`${LONG}${LONG}`])
})

test('a condition that is too long is on a line of its own', () => {
  expect(breakLine('', `if (${LONG}${LONG} === undefined) return true`)).toEqual([
    'if (',
    `  ${LONG}${LONG} === undefined`,
    ')',
    '  return true',
  ])
})
