import { DomainError } from '#kernel'

export function operationInProgress(): DomainError {
  return new DomainError(
    'conflict',
    'operation.in_progress',
    'Another operation on the same thing is still in progress. Try again when it has ended.',
  )
}

export function operationUnfinished(operation: string, cause: unknown): DomainError {
  return new DomainError(
    'unfinished',
    'operation.unfinished',
    'The operation could not be finished. It will be settled later; until then its names stay taken.',
    { operation, cause },
  )
}
