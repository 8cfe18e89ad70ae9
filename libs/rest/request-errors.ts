import { DomainError } from '#kernel'

export function requestMalformed(): DomainError {
  const sentence = 'The request is malformed: its path, headers or JSON cannot be read.'
  return new DomainError('invalid', 'request.malformed', sentence)
}

export function bodyTooLarge(most = '1 MiB'): DomainError {
  return new DomainError('too_large', 'request.too_large', `The body is larger than ${most}.`)
}

/** So many requests bring bytes that this one didn't come to its turn. */
export function tooManyBodies(): DomainError {
  const sentence = 'Too many files are being received. Nothing was changed. Try again in a moment.'
  return new DomainError('unavailable', 'request.crowded', sentence, { retryAfter: 5 })
}

/** So many large answers are under way that this one didn't come to its turn. */
export function tooManyAnswers(): DomainError {
  const sentence = 'Too many large answers are being sent. Try again in a moment.'
  return new DomainError('unavailable', 'request.crowded', sentence, { retryAfter: 5 })
}

export function bodyNotJson(): DomainError {
  const sentence = 'The body must be JSON, with the content type application/json.'
  return new DomainError('unsupported_media', 'request.media_type', sentence)
}
