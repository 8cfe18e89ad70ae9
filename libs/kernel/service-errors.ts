import { DomainError } from './domain-error.ts'

/** kitter's own database can't be reached, so it can't answer at all. */
export function databaseUnavailable(cause?: unknown): DomainError {
  const sentence = "kitter's database does not answer."
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter: 5, cause })
}
