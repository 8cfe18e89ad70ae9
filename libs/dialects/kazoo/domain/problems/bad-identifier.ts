import { DomainError } from '#kernel'

/** What the path names isn't there, or not for this caller. */
export class BadIdentifier extends DomainError {
  readonly id: string

  constructor(id: string, code: 'user.unknown' | 'domain.unknown' = 'user.unknown') {
    super('unknown', code, 'There is nothing with this id.')
    this.id = id
  }
}
