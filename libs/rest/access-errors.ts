import { DomainError, type Standing } from '#kernel'

export function tokenMissing(): DomainError {
  return new DomainError(
    'unauthenticated',
    'access.token_missing',
    'The request needs a bearer token in its Authorization header.',
  )
}

export function tokenInvalid(problem: string): DomainError {
  return new DomainError('unauthenticated', 'access.token_invalid', `The bearer token was refused: ${problem}.`)
}

export function roleInsufficient(role: Standing): DomainError {
  return new DomainError('forbidden', 'access.forbidden', `The role ${role} may not do this.`)
}
