import type { Transaction } from '#kernel'
import type { TransactionQueries } from './transaction-queries.ts'

/** To the core a transaction is a token; to the adapters of this folder it's the connection's queries. */
export function transactionOf(queries: TransactionQueries): Transaction {
  // eslint-disable-next-line no-restricted-syntax -- the one place where the token is given
  return queries as unknown as Transaction
}

export function queriesOf(transaction: Transaction): TransactionQueries {
  // eslint-disable-next-line no-restricted-syntax -- the one place where the token is opened
  return transaction as unknown as TransactionQueries
}
