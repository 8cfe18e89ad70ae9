import { DomainError } from '#kernel'
import type { Outcome } from '../domain/difference.ts'

/** What came of mending. `gone`: it was no longer so; `busy`: something else is being changed there for too long. */
export interface Mended {
  readonly outcome: Exclude<Outcome, 'found'> | 'gone' | 'busy'
  readonly reason?: string
  /** A name was in the way, which may be free when others have been mended. */
  readonly mayWorkLater?: boolean
}

/** The outcome of an operation that mends. A system that is away is thrown: then it's not about this difference. */
export async function mended(operation: Promise<void>): Promise<Mended> {
  try {
    await operation
    return { outcome: 'mended' }
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error
    if (error.code === 'reconciliation.difference_gone') return { outcome: 'gone' }
    if (error.code === 'operation.in_progress') return { outcome: 'busy' }
    if (error.kind === 'unfinished') return { outcome: 'unsettled', reason: error.message }
    return { outcome: 'refused', reason: error.message, mayWorkLater: error.kind === 'conflict' }
  }
}
