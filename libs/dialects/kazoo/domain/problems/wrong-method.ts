import { DomainError } from '#kernel'

/** There is no such method at this path; those that there are, the router knows. */
export class WrongMethod extends DomainError {
  constructor() {
    super('unknown', 'route.unknown', 'There is no such method at this path.')
  }
}
