import type { Difference, ToldDifference } from '../domain/difference.ts'
import type { Mended } from './mended.ts'

/** What is told of a difference after mending it; nothing where that isn't known yet. What is gone was mended by somebody. */
export function toldOf(difference: Difference, { outcome, reason }: Mended): ToldDifference | undefined {
  if (outcome === 'busy') return undefined
  return { ...difference, outcome: outcome === 'gone' ? 'mended' : outcome, ...(reason !== undefined && { reason }) }
}
