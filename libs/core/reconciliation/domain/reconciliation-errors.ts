import { DomainError } from '#kernel'

export function unknownReconciliation(): DomainError {
  return new DomainError('unknown', 'reconciliation.unknown', 'There is no such reconciliation.')
}

export function reconciliationRunning(): DomainError {
  const sentence = 'Another reconciliation is running. Wait until it is done, or cancel it.'
  return new DomainError('conflict', 'reconciliation.running', sentence)
}

export function reconciliationEnded(): DomainError {
  return new DomainError('conflict', 'reconciliation.ended', 'The reconciliation has ended already.')
}

/** For the journal: something is to come into a domain that kitter hasn't. */
export function domainMissing(name: string): DomainError {
  return new DomainError('conflict', 'reconciliation.domain_missing', `kitter has no domain named ${name}.`)
}

/** For the reconciliation that fails by it. */
export function tooManyMissing(system: string, missing: number, total: number): DomainError {
  const sentence = `${system} lacks ${missing} of ${total} users. If it is the right one, and they are to be made again or removed, ask for it with force.`
  return new DomainError('conflict', 'reconciliation.too_many_missing', sentence)
}

/** For the journal: what was seen is no longer so. */
export function differenceGone(): DomainError {
  return new DomainError('conflict', 'reconciliation.difference_gone', 'There is no such difference any more.')
}
