import { figure, spread } from './figures.ts'
import { type Measured, ratioOf, type RowResult } from './row.ts'
import { quantile, spreadOf } from './statistics.ts'

export function describeRow(result: RowResult): string {
  const { title, unit, rounds } = result
  const [kitter, directly] = [rounds.map((round) => round.kitter), rounds.map((round) => round.directly)]
  const values = `kitter ${spread(valuesOf(kitter))} ${unit}, directly ${spread(valuesOf(directly))} ${unit}`
  return `${title}: ${values}: ${spread(ratioOf(result))} times as fast\n${[kitter, directly].map(usedBy).join('\n')}`
}

export function valuesOf(measured: readonly Measured[]) {
  return spreadOf(measured.map(({ value }) => value))
}

/** Below this, 99 of 100 answers. */
export function slowest(measured: readonly Measured[]): number {
  return quantile(
    measured.flatMap(({ milliseconds }) => milliseconds),
    0.99,
  )
}

function usedBy(measured: readonly Measured[]): string {
  return `         ${perUnit(measured)
    .map(([user, milliseconds]) => `${user} ${figure(milliseconds)}`)
    .join(', ')} ms each`
}

/** Milliseconds of a core for each piece of work, by who used them, and idle ones. */
export function perUnit(measured: readonly Measured[]): readonly (readonly [string, number])[] {
  const count = measured.reduce((sum, each) => sum + each.count, 0)
  const used = new Map<string, number>()
  for (const { use } of measured) {
    const all = { ...use.seconds, idle: use.idle + use.waiting }
    for (const [user, seconds] of Object.entries(all)) used.set(user, (used.get(user) ?? 0) + seconds)
  }
  return [...used].map(([user, seconds]) => [user, (seconds * 1000) / count] as const)
}
