import { DomainError } from '#kernel'

export class TooManyTries extends DomainError {
  constructor(retryAfter: number) {
    super('too_many', 'access.too_many_tries', 'Too many tries to sign in have failed.', { retryAfter })
  }
}
