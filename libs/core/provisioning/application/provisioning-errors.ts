import { DomainError } from '#kernel'

export function operationInProgress(): DomainError {
  return new DomainError(
    'conflict',
    'operation.in_progress',
    'Another operation on the same thing is still in progress. Try again when it has ended.',
    { retryAfter: 1 },
  )
}

export function operationUnfinished(operation: string, cause?: unknown): DomainError {
  return new DomainError(
    'unfinished',
    'operation.unfinished',
    `The operation could not be finished. It will be settled later, and /operations/${operation} says how it stands; until then its names stay taken.`,
    { operation, cause },
  )
}

export function unknownOperation(): DomainError {
  return new DomainError('unknown', 'operation.unknown', 'There is no such operation.')
}

export function operationSettled(): DomainError {
  const sentence = 'The operation has ended already: there is nothing left to try.'
  return new DomainError('conflict', 'operation.settled', sentence)
}
