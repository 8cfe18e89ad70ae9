import { DomainError } from '#kernel'

export class TooManyCalls extends DomainError {
  constructor(retryAfter: number) {
    super('too_many', 'call.too_many', 'Too many quick calls of one user.', { retryAfter })
  }
}
