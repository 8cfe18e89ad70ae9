import { DomainError } from '#kernel'

/** The document isn't any more what the client's `If-Match` says. */
export class PreconditionFailed extends DomainError {
  constructor() {
    super('precondition', 'request.precondition_failed', 'The document has been changed in the meantime.')
  }
}
