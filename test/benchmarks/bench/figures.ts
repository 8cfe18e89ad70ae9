import type { Spread } from './statistics.ts'

/** With three digits that count. */
export function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** The median, and between what the others lay. */
export function spread({ median, least, most }: Spread): string {
  return `${figure(median)} (${figure(least)} to ${figure(most)})`
}
