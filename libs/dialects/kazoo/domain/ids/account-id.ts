import { isDomainId } from '#core/domains'

/** wac-core's ids have 24 digits, and those of Kazoo's accounts 32. */
const lead = '0'.repeat(8)

/** A domain's id as that of an account: always the same, and made from it without a table. */
export function accountId(domainId: string): string {
  if (!isDomainId(domainId)) throw new Error("not a domain's id")
  return `${lead}${domainId}`
}

/** The id of the domain that an account is, or nothing where it can be none. */
export function domainIdOf(accountId: string): string | undefined {
  const domainId = accountId.slice(lead.length)
  return accountId.startsWith(lead) && isDomainId(domainId) ? domainId : undefined
}
