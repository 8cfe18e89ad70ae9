import { DomainError } from '#kernel'

/** Nothing could ring: nobody places calls for kitter, or the user has no device. */
export function noEndpoints(): DomainError {
  return new DomainError('conflict', 'call.no_endpoints', 'There is no device that could ring.')
}
