import { DomainError } from '#kernel'

/** Somebody who has none of kitter's roles changes of their own document what others decide. */
export class NotForOneself extends DomainError {
  constructor(readonly paths: readonly string[]) {
    super('forbidden', 'user.not_for_oneself', "Without one of kitter's roles, nobody changes this of themselves.")
  }
}
