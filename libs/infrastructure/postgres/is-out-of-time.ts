import { DomainError } from '#kernel'
import { StatementError } from './statement-error.ts'

/** `query_canceled`: a question took too long. Whatever else asks takes that for a database that doesn't answer. */
export function isOutOfTime(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.details.cause : error
  return cause instanceof StatementError && cause.sqlState === '57014'
}
