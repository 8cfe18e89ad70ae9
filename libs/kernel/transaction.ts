declare const transaction: unique symbol

/**
 * A unit of work that is under way. Only the storage that opened it can look inside; to everybody else it is a
 * token that says "write this together with the rest".
 */
export interface Transaction {
  readonly [transaction]: true
}
