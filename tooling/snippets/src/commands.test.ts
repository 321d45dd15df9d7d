import { expect, test } from 'vitest'
import { blocksOf, codeOfTable, sectionOf } from './commands.ts'

const FENCE = '```'
const PAGE = `# Page

## First

${FENCE}sh
one \\
  two
${FENCE}

${FENCE}
options
${FENCE}

## Second

| Command | What |
| ------- | ---- |
| \`tool a\`  | does |
`

test('sectionOf() gives what stands under a heading', () => {
  expect(sectionOf(PAGE, 'First')).not.toContain('tool')
  expect(() => sectionOf(PAGE, 'Third')).toThrow(/section "Third"/)
})

test('blocksOf() gives the blocks of a language', () => {
  expect(blocksOf(sectionOf(PAGE, 'First'), 'sh')).toEqual(['one \\\n  two\n'])
  expect(blocksOf(sectionOf(PAGE, 'First'), '')).toEqual(['options\n'])
})

test('codeOfTable() gives the commands of a table', () => {
  expect(codeOfTable(sectionOf(PAGE, 'Second'))).toEqual(['tool a'])
})
