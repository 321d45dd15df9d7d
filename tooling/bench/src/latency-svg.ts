/** One line of the picture. */
export interface Curve {
  readonly name: string
  /** Latency in microseconds at each of {@link CURVE_PERCENTILES}. */
  readonly valuesUs: readonly number[]
}

/** Where curves have points: 0 and then ever closer to 100, in equal steps of the axis. */
export const CURVE_PERCENTILES: readonly number[] = Array.from(
  { length: 33 },
  (_, step) => 100 * (1 - 10 ** (-step / 8)),
)

const WIDTH = 720
const HEIGHT = 420
const LEFT = 80
const RIGHT = 130
const TOP = 50
const BOTTOM = 50
const COLORS = ['#1b6ac9', '#c9501b', '#2f8f4e', '#7a3fb0']
const X_LABELS = ['0', '90', '99', '99.9', '99.99']

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Decades of microseconds that hold all values. */
function decadesOf(curves: readonly Curve[]): readonly [number, number] {
  const values = curves.flatMap((curve) => curve.valuesUs).filter((value) => value > 0)
  if (values.length === 0) throw new RangeError('Cannot draw latencies: there must be at least one value')
  const lowest = Math.floor(Math.log10(Math.min(...values)))
  return [lowest, Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))))]
}

function text(x: number, y: number, content: string, anchor: string, extra = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${extra}>${escape(content)}</text>`
}

/**
 * A picture of latencies by percentile, both axes logarithmic, as HdrHistogram's own plotter draws it.
 *
 * @throws RangeError when there is nothing to draw
 */
export function latencySvg(title: string, curves: readonly Curve[]): string {
  const [lowest, highest] = decadesOf(curves)
  const innerWidth = WIDTH - LEFT - RIGHT
  const innerHeight = HEIGHT - TOP - BOTTOM
  const xOf = (index: number): number => LEFT + (innerWidth * index) / (CURVE_PERCENTILES.length - 1)
  const yOf = (us: number): number =>
    TOP + innerHeight * (1 - (Math.log10(Math.max(us, 10 ** lowest)) - lowest) / (highest - lowest))
  const lines: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(WIDTH / 2, 24, title, 'middle', ' font-size="15"'),
    text(LEFT + innerWidth / 2, HEIGHT - 10, 'percentile', 'middle'),
  ]
  for (let decade = lowest; decade <= highest; decade++) {
    const y = yOf(10 ** decade)
    lines.push(
      `<line x1="${LEFT}" x2="${LEFT + innerWidth}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="#ddd"/>`,
    )
    lines.push(text(LEFT - 6, y + 4, `${10 ** decade} µs`, 'end'))
  }
  for (const [index, label] of X_LABELS.entries()) {
    const x = LEFT + (innerWidth * index) / (X_LABELS.length - 1)
    lines.push(
      `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP}" y2="${TOP + innerHeight}" stroke="#eee"/>`,
    )
    lines.push(text(x, TOP + innerHeight + 18, label, 'middle'))
  }
  for (const [index, { name, valuesUs }] of curves.entries()) {
    const color = COLORS[index % COLORS.length] as string
    const points = valuesUs.map((us, at) => `${xOf(at).toFixed(1)},${yOf(us).toFixed(1)}`).join(' ')
    lines.push(`<polyline fill="none" stroke="${color}" stroke-width="2" points="${points}"/>`)
    const y = TOP + 14 + index * 18
    lines.push(`<rect x="${WIDTH - RIGHT + 14}" y="${y - 9}" width="12" height="4" fill="${color}"/>`)
    lines.push(text(WIDTH - RIGHT + 32, y - 3, name, 'start'))
  }
  return `${[...lines, '</svg>'].join('\n')}\n`
}
