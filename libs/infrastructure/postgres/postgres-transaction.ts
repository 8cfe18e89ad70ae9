import type { EntityManager } from 'typeorm'
import type { Transaction } from '#kernel'

/** To the core a transaction is a token; to the adapters of this folder it's an entity manager. */
export function transactionOf(manager: EntityManager): Transaction {
  // eslint-disable-next-line no-restricted-syntax -- the one place where the token is given
  return manager as unknown as Transaction
}

export function managerOf(transaction: Transaction): EntityManager {
  // eslint-disable-next-line no-restricted-syntax -- the one place where the token is opened
  return transaction as unknown as EntityManager
}
