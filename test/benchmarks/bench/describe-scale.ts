import type { Bench } from './bench.ts'
import { figure } from './figures.ts'
import { lineCharts } from './line-charts.ts'
import { machine } from './machine.ts'
import type { ScalePoint } from './scale-points.ts'
import { table } from './table.ts'
import type { Written } from './write-page.ts'

export async function describeScale(bench: Bench, points: readonly ScalePoint[]): Promise<Written> {
  const sizes = [...new Set(points.map(({ users }) => users))]
  const titles = [...new Set(points.map(({ title }) => title))]
  const lines = titles.flatMap((title) =>
    (['kitter', 'directly'] as const).map((side) => [
      side === 'kitter' ? title : '',
      side,
      ...sizes.map((size) => {
        const value = points.find((point) => point.title === title && point.users === size)?.[side]
        return value === undefined ? '' : `${figure(value)} ms`
      }),
    ]),
  )
  const parts = [
    (await machine(bench.postgres.version)).map((line) => `- ${line}`).join('\n'),
    table(['', 'side', ...sizes.map((size) => `${figure(size)} users`)], lines),
    '![](benchmarks/scale.svg)',
  ]
  const panels = titles.map((title) => ({ title, points: points.filter((point) => point.title === title) }))
  return { markdown: parts.join('\n\n'), charts: { 'scale.svg': lineCharts(panels) } }
}
