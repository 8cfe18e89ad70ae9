import { DomainError } from '#kernel'

/** The client takes none of the types that there are. */
export class NotAcceptable extends DomainError {
  constructor() {
    super('unsupported_media', 'request.not_acceptable', 'There is nothing of a type that the client accepts.')
  }
}
