import { DomainError } from '#kernel'

export function idempotencyKeyReused(): DomainError {
  return new DomainError(
    'unprocessable',
    'idempotency.key_reused',
    'This Idempotency-Key has been used for another request: take a new one.',
  )
}
