import { duration } from '../../output/duration.ts'
import { counted } from '../../output/counted.ts'
import type { ProgressState } from '../../output/progress.ts'
import type { Import } from './import-shape.ts'

/** How far an import is: what matters most first, for a terminal may be narrow. */
export function importProgress({ rows, bytes, rows_per_second: rate, seconds_left: left }: Import): ProgressState {
  const { read, created, updated, skipped, refused } = rows
  const speed = rate === 0 ? '' : `, ${rate < 10 ? rate : Math.round(rate)}/s`
  const rest = left === undefined || left === 0 ? '' : `, ${duration(left)} left`
  const outcomes = [
    [created, 'created'],
    [updated, 'updated'],
    [skipped, 'already there'],
    [refused, 'refused'],
  ] as const
  const said = outcomes.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcome}`)
  const text = `${counted(read, 'row')}${speed}${rest}${said.length === 0 ? '' : `: ${said.join(', ')}`}`
  return { text, done: bytes.read, total: Math.max(bytes.total, 1) }
}
