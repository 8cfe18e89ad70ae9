import { DomainError, invalid } from '#kernel'

/** A mark that kitter didn't make, or made for another search or another caller. */
export function foreignMark(): DomainError {
  return invalid([{ path: 'after', problem: 'must be the `next` of an answer to the same search' }])
}

export function searchTooSlow(cause?: unknown): DomainError {
  const sentence = 'The search takes too long. Say more of what you look for, or name a domain.'
  return new DomainError('invalid', 'search.too_slow', sentence, { cause })
}

/** So many are searching that this search didn't come to its turn. */
export function searchCrowded(): DomainError {
  const sentence = 'Too many searches are under way. Try again in a moment.'
  return new DomainError('unavailable', 'search.crowded', sentence, { retryAfter: 5 })
}
