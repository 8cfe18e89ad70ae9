import { DomainError } from '#kernel'

/** The path is one that the operator hasn't switched on. */
export class NothingThere extends DomainError {
  constructor() {
    super('unknown', 'route.switched_off', 'There is nothing at this path.')
  }
}
