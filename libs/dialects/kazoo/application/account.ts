import type { Domain } from '#core/domains'
import { accountId } from '../domain/ids/account-id.ts'

/** A domain, as Kazoo sees it. */
export interface Account {
  readonly id: string
  readonly domain: Domain
}

export function accountOf(domain: Domain): Account {
  return { id: accountId(domain.id), domain }
}
