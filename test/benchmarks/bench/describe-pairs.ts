import { barChart } from './bar-chart.ts'
import type { Bench } from './bench.ts'
import { perUnit, slowest, valuesOf } from './describe-row.ts'
import { figure, spread } from './figures.ts'
import { machine } from './machine.ts'
import type { Options } from './options.ts'
import { type Measured, ratioOf, type RowResult } from './row.ts'
import { users } from './processor-time.ts'
import { table } from './table.ts'
import type { Written } from './write-page.ts'

/** The figures of a run, and who used the processor for them. */
export async function describePairs(bench: Bench, results: readonly RowResult[], options: Options): Promise<Written> {
  const about = [
    ...(await machine(bench.postgres.version)),
    `${options.rounds} rounds, both sides in turn${shrunk(options)}`,
  ]
  const [rates, times] = [results.filter(({ unit }) => unit !== 'ms'), results.filter(({ unit }) => unit === 'ms')]
  const charts = {
    ...(rates.length > 0 && { 'rates.svg': barChart('Users a second: more is better', rates.map(barsOf), 'linear') }),
    ...(times.length > 0 && {
      'times.svg': barChart('Milliseconds, on a logarithmic scale: less is better', times.map(barsOf), 'logarithmic'),
    }),
  }
  const parts = [
    about.map((line) => `- ${line}`).join('\n'),
    table(
      ['', 'kitter', 'directly', 'times as fast', 'aim', '99 of 100 answers within: kitter', 'directly'],
      results.map(lineOf),
    ),
    ...Object.keys(charts).map((file) => `![](benchmarks/${file})`),
    'Who used the processor, in milliseconds of one core for a user, a question, or the log-out of the domain:',
    table(['', 'side', ...users, 'idle', 'busy'], results.flatMap(usesOf)),
  ]
  return { markdown: parts.join('\n\n'), charts }
}

function shrunk({ share }: Options): string {
  return share === 1 ? '' : `; a trial with ${Math.round(share * 100)} % of all sizes`
}

function lineOf(result: RowResult): readonly string[] {
  const { title, against, unit, aim } = result
  const { kitter, directly } = sidesOf(result)
  return [
    `**${title}** / ${against}`,
    `${spread(valuesOf(kitter))} ${unit}`,
    `${spread(valuesOf(directly))} ${unit}`,
    `**${spread(ratioOf(result))}**`,
    `≥ ${aim}`,
    ...[kitter, directly].map((side) => (Number.isNaN(slowest(side)) ? '' : `${figure(slowest(side))} ms`)),
  ]
}

function usesOf(result: RowResult): readonly (readonly string[])[] {
  const { kitter, directly } = sidesOf(result)
  return [
    [result.title, 'kitter', ...useOf(kitter)],
    ['', 'directly', ...useOf(directly)],
  ]
}

function useOf(measured: readonly Measured[]): readonly string[] {
  const used = perUnit(measured)
  const all = used.reduce((sum, [, milliseconds]) => sum + milliseconds, 0)
  const idle = used.find(([user]) => user === 'idle')?.[1] ?? 0
  return [...used.map(([, milliseconds]) => figure(milliseconds)), `${Math.round((1 - idle / all) * 100)} %`]
}

function barsOf(result: RowResult) {
  const { kitter, directly } = sidesOf(result)
  return { title: result.title, kitter: valuesOf(kitter).median, directly: valuesOf(directly).median }
}

function sidesOf({ rounds }: RowResult) {
  return { kitter: rounds.map((round) => round.kitter), directly: rounds.map((round) => round.directly) }
}
