import { DomainError, invalid } from '#kernel'

export function unknownDomain(): DomainError {
  return new DomainError('unknown', 'domain.unknown', 'There is no such domain.')
}

/** A domain that a request's body names isn't there, or isn't in the caller's scope, which to them is the same. */
export function unknownDomainIn(path: string): DomainError {
  return invalid([{ path, problem: 'names an unknown domain' }])
}

export function domainNameTaken(name: string): DomainError {
  return new DomainError('conflict', 'domain.name_taken', `There is a domain named ${name} already.`)
}

export function domainNotEmpty(name: string, users: number, children: number): DomainError {
  const sentence = `The domain ${name} still has ${count(users, 'user')} and ${count(children, 'subdomain')}.`
  return new DomainError('conflict', 'domain.not_empty', sentence)
}

export function domainHasUsers(name: string, users: number): DomainError {
  const sentence = `The domain ${name} has ${count(users, 'user')}, so it can't be renamed: its name is part of every login.`
  return new DomainError('conflict', 'domain.not_empty', sentence)
}

export function domainLoop(name: string, parent: string): DomainError {
  return new DomainError(
    'conflict',
    'domain.loop',
    `${parent} lies below ${name} (or is the same), so it can't be its parent.`,
  )
}

export function domainProtected(name: string): DomainError {
  return new DomainError(
    'conflict',
    'domain.protected',
    `The domain ${name} belongs to the platform and can't be changed or deleted.`,
  )
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Since the first start, wac-core could not be asked for it. */
export function rootMissing(): DomainError {
  const sentence = "The platform's root domain isn't there yet: kitter could not reach wac-core since it was started."
  return new DomainError('unavailable', 'service.unavailable', sentence, { retryAfter: 5 })
}
