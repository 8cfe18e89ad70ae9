import { DomainError } from '#kernel'

/** Whatever it was that is wrong: it isn't told whether there is such an account or such a user. */
export class SignInRefused extends DomainError {
  constructor() {
    super('unauthenticated', 'access.sign_in_refused', 'Nobody signs in with that.')
  }
}
