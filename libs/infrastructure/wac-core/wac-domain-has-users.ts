import { DomainError } from '#kernel'

/** wac-core neither deletes nor renames a domain that it has users in. */
export function wacDomainHasUsers(): DomainError {
  return new DomainError('conflict', 'domain.not_empty', 'The domain still has users at wac-core.')
}
