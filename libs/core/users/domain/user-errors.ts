import { DomainError, invalid } from '#kernel'

export function unknownUser(): DomainError {
  return new DomainError('unknown', 'user.unknown', 'There is no such user.')
}

export function userNameTaken(): DomainError {
  return new DomainError('conflict', 'user.name_taken', 'There is a user with this username already.')
}

export function emailTaken(): DomainError {
  return new DomainError('conflict', 'user.email_taken', 'There is a user with this email address already.')
}

export function sipMappingTaken(): DomainError {
  return new DomainError('conflict', 'user.sip_mapping_taken', 'The SIP username belongs to another user already.')
}

export function loginNameTooLong(path: string): DomainError {
  return invalid([{ path, problem: 'must have at most 255 characters together with "@" and the domain' }])
}

export function administratorProtected(): DomainError {
  const sentence = 'This account has administrative roles, so only a kitter-admin may change it.'
  return new DomainError('forbidden', 'access.administrator', sentence)
}

export function emailMissing(): DomainError {
  return new DomainError('conflict', 'user.email_missing', 'The user has no email address to send a mail to.')
}

export function userDisabled(): DomainError {
  return new DomainError('conflict', 'user.disabled', 'The user is disabled, so no mail is sent.')
}

/** So many hashes are to be made that this one didn't come to its turn. */
export function hashingCrowded(): DomainError {
  const sentence = 'Too many passwords wait to be hashed. Nothing was changed.'
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter: 5 })
}

/** For whoever settles an operation: its secret was known only while the caller waited. */
export function secretGone(): DomainError {
  return new DomainError('conflict', 'operation.secret_gone', 'The secret that this needs is not kept.')
}

export function notForOneself(): DomainError {
  return new DomainError(
    'forbidden',
    'user.not_for_oneself',
    "Without one of kitter's roles, this can't be changed by the user it belongs to.",
  )
}
