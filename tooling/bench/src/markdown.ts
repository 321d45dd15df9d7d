import type { Comparison, Figure, Row } from './results.ts'

/** Three digits that mean something, and no more. */
export function formatNumber(value: number): string {
  if (value === 0) return '0'
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  return value.toLocaleString('en', {
    minimumFractionDigits: Math.max(0, Math.min(3, 2 - magnitude)),
    maximumFractionDigits: Math.max(0, Math.min(3, 2 - magnitude)),
  })
}

function figureText(figure: Figure | string, notes: string[]): string {
  if (typeof figure !== 'string')
    return `${formatNumber(figure.median)} ±${(figure.spread * 100).toFixed(0)} %`
  if (!notes.includes(figure)) notes.push(figure)
  return `none [${notes.indexOf(figure) + 1}]`
}

function comparisonText(comparison: Comparison | undefined, better: Row['better']): string {
  if (comparison === undefined) return ''
  const ratio = comparison.ratio.toFixed(2)
  if (comparison.goal === undefined) return ratio
  const bound = `${better === 'more' ? '≥' : '≤'} ${comparison.goal}`
  return `${ratio} (goal ${bound}: ${comparison.isMet === true ? 'met' : '**not met**'})`
}

/** The table of all rows, and below it why figures are missing. */
export function markdownTable(rows: readonly Row[]): string {
  const notes: string[] = []
  const lines = rows.map((row) => {
    const { figures, comparisons, better } = row
    const cells = [
      `${row.caseName}: ${row.title}`,
      row.unit,
      figureText(figures.ours, notes),
      figureText(figures.java, notes),
      figureText(figures.go, notes),
      comparisonText(comparisons.java, better),
      comparisonText(comparisons.go, better),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| case | unit | ours | Java | Go | ours / Java | ours / Go |',
    '| --- | --- | ---: | ---: | ---: | --- | --- |',
    ...lines,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note, index) => `[${index + 1}] ${note}`)]),
  ].join('\n')
}

/** One sentence on how many goals are met, and which are not. */
export function goalSummary(rows: readonly Row[]): string {
  const goals = rows.flatMap((row) =>
    (['java', 'go'] as const).flatMap((other) => {
      const comparison = row.comparisons[other]
      if (comparison?.goal === undefined) return []
      return [{ name: `${row.caseName}: ${row.title} against ${other}`, isMet: comparison.isMet === true }]
    }),
  )
  if (goals.length === 0) return 'No goal belongs to what was measured.'
  const missed = goals.filter((goal) => !goal.isMet)
  const count = `${goals.length - missed.length} of ${goals.length} goals are met`
  return missed.length === 0
    ? `${count}.`
    : `${count}; not met: ${missed.map((goal) => goal.name).join('; ')}.`
}
