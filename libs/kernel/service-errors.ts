import { DomainError } from './domain-error.ts'

const retryAfter = 5

/** kitter's own database can't be reached, so it can't answer at all. */
export function databaseUnavailable(cause?: unknown): DomainError {
  const sentence = "kitter's database does not answer."
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter, cause })
}

/** kitter's own database has no room left for what was to be written; nothing was. */
export function databaseFull(cause?: unknown): DomainError {
  const sentence = "kitter's database has no room left. Nothing was changed."
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter, cause })
}

/** Another system, by its name, can't be reached, or says that it can't at the moment. Nothing was done there. */
export function systemUnavailable(system: string, cause?: unknown): DomainError {
  const sentence = `${system} does not answer. Nothing was changed.`
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter, cause })
}

/** Another system was asked for a change and has not answered: it may have made it, or may make it yet. */
export function outcomeUnknown(system: string, cause?: unknown): DomainError {
  const sentence = `${system} did not answer in time.`
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter, outcome: 'unknown', cause })
}

/** Another system refused for a reason that kitter has no better word for, or its answer makes no sense. */
export function systemRefused(system: string, cause?: unknown): DomainError {
  const sentence = `${system} refused, or gave an answer that makes no sense.`
  return new DomainError('refused_elsewhere', 'system.refused', sentence, { cause })
}

/** Whether the failed change may have been made nevertheless. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof DomainError && error.details.outcome === 'unknown'
}
