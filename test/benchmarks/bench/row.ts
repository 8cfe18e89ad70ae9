import type { Pair, Outcome } from './pair.ts'
import { type ProcessorUse, type Watched, watched } from './processor-time.ts'
import { type Spread, spreadOf } from './statistics.ts'

export const groups = ['create', 'import', 'search', 'logout'] as const

export type Group = (typeof groups)[number]

/** A line of the report. */
export interface Row {
  readonly group: Group
  readonly title: string
  /** The same work without kitter. */
  readonly against: string
  /** How many times as fast kitter should be. */
  readonly aim: number
  readonly pair: Pair
  /** Less of the same, before anything is measured. */
  readonly warmUp: Pair
  /** Whose processor time is told. */
  readonly processes: Watched
}

export interface Measured extends Outcome {
  readonly use: ProcessorUse
}

export interface Round {
  readonly kitter: Measured
  readonly directly: Measured
}

export type RowResult = Pick<Row, 'group' | 'title' | 'against' | 'aim'> & {
  readonly unit: Pair['unit']
  readonly rounds: readonly Round[]
}

/** Both sides in turn, so that whatever else happens on the machine happens to both. */
export async function measure(row: Row, rounds: number, say: (sentence: string) => void): Promise<RowResult> {
  const { group, title, against, aim, pair, warmUp, processes } = row
  await once(warmUp, 'kitter', processes)
  await once(warmUp, 'directly', processes)
  const measured: Round[] = []
  while (measured.length < rounds) {
    const round = {
      kitter: await once(pair, 'kitter', processes),
      directly: await once(pair, 'directly', processes),
    }
    measured.push(round)
    const { unit } = pair
    const [one, other] = [round.kitter.value.toFixed(1), round.directly.value.toFixed(1)]
    say(`${title}, round ${measured.length}: kitter ${one} ${unit}, directly ${other} ${unit}`)
  }
  return { group, title, against, aim, unit: pair.unit, rounds: measured }
}

async function once(pair: Pair, side: 'kitter' | 'directly', processes: Watched): Promise<Measured> {
  await pair.prepare?.()
  const [outcome, use] = await watched(processes, () => pair[side]())
  return { ...outcome, use }
}

/** How many times as fast kitter is, round by round. */
export function ratioOf({ unit, rounds }: RowResult): Spread {
  return spreadOf(
    rounds.map(({ kitter, directly }) => {
      const ratio = kitter.value / directly.value
      return unit === 'ms' ? 1 / ratio : ratio
    }),
  )
}
