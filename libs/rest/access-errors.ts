import { DomainError, type Role } from '#kernel'

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

export function roleMissing(): DomainError {
  return new DomainError('forbidden', 'access.role_missing', 'The token holds none of the roles kitter knows.')
}

export function roleInsufficient(role: Role): DomainError {
  return new DomainError('forbidden', 'access.forbidden', `The role ${role} may not do this.`)
}
