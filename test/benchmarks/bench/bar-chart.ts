import { figure } from './figures.ts'
import { colours, legend, svg, text } from './svg.ts'

export interface Bars {
  readonly title: string
  readonly kitter: number
  readonly directly: number
}

const width = 760
const [left, right, top] = [16, 90, 64]
const [barHeight, rowHeight] = [16, 72]

/** Two bars for each pair, beneath its title. */
export function barChart(title: string, rows: readonly Bars[], scale: 'linear' | 'logarithmic'): string {
  const lengthOf = lengths(
    rows.flatMap(({ kitter, directly }) => [kitter, directly]),
    scale,
  )
  const parts = rows.map((row, index) => rowOf(row, top + index * rowHeight, lengthOf))
  return svg(width, top + rows.length * rowHeight, [text(left, 24, title, 'bold'), legend(), ...parts])
}

function rowOf({ title, ...values }: Bars, y: number, lengthOf: (value: number) => number): string {
  const bars = (['kitter', 'directly'] as const).map((side, index) => {
    const [at, length] = [y + 22 + index * (barHeight + 2), lengthOf(values[side])]
    const bar = `<rect x="${left}" y="${at}" width="${length.toFixed(1)}" height="${barHeight}" fill="${colours[side]}"/>`
    return bar + text(left + length + 6, at + 12, figure(values[side]))
  })
  return text(left, y + 14, title) + bars.join('')
}

function lengths(values: readonly number[], scale: 'linear' | 'logarithmic'): (value: number) => number {
  const longest = width - left - right
  const most = Math.max(...values)
  if (scale === 'linear') return (value) => (value / most) * longest
  const from = Math.floor(Math.log10(Math.min(...values)) - 0.1)
  return (value) => ((Math.log10(value) - from) / (Math.log10(most) - from)) * longest
}
