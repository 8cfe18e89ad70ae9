import { DomainError } from '#kernel'

/** What a question comes to that was about something that isn't there. */
export function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof DomainError && error.kind === 'unknown') return undefined
  throw error
}
