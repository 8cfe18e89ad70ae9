import type { Account } from '../application/account.ts'

const accounts = new WeakMap<object, Account>()

/** Leaves the account of a request's path where the controllers find it. */
export function setAccount(request: object, account: Account): void {
  accounts.set(request, account)
}

export function accountIn(request: object): Account | undefined {
  return accounts.get(request)
}
