import { DomainError } from '#kernel'

/** An account that is there, which everybody is told, and not for this caller. */
export class ForeignAccount extends DomainError {
  constructor() {
    super('forbidden', 'access.forbidden', 'This account is not open to the caller.')
  }
}
