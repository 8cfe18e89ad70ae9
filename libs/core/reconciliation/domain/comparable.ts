import { textOf } from '#kernel'
import type { DomainName } from '#core/domains'
import { type Account, isKeptAttribute, type LoginNames, type UserName, userName } from '#core/users'

/** The account as far as kitter keeps it: without the identity provider's own attributes, and without empty values. */
export function comparable(account: Account): Account {
  const kept = Object.entries(account.attributes)
    .filter(([key]) => isKeptAttribute(key))
    .map(([key, values]) => [key, values.filter((value) => value !== '')] as const)
    .filter(([, values]) => values.length > 0)
  const { id, loginName, emailVerified, enabled } = account
  const [email, firstName, lastName] = [account.email, account.firstName, account.lastName].map(textOf)
  return { id, loginName, email, emailVerified, enabled, firstName, lastName, attributes: Object.fromEntries(kept) }
}

/** The username behind a login name, given the domains that it may have been made with; none where it can't be one. */
export function usernameIn(
  loginName: string,
  { policy }: LoginNames,
  domains: readonly (DomainName | string | undefined)[],
): UserName | undefined {
  if (policy === 'realm') return userName(loginName)
  const behind = domains.find((domain) => domain !== undefined && loginName.endsWith(`@${domain}`))
  return behind === undefined ? undefined : userName(loginName.slice(0, -behind.length - 1))
}
