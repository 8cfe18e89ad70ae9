import { textOf } from '#kernel'
import { type DomainName, domainName } from '#core/domains'
import type { Account, CommunicationsUser, LoginNames, UserAttributes, UserName, UserRecord } from '#core/users'
import { usernameIn } from './comparable.ts'
import { type SystemName, systems } from './difference.ts'

/** What each system has of one user. The account is `comparable`. */
export interface UserSides {
  readonly id: string
  readonly account?: Account | undefined
  readonly communications?: { readonly id: string; readonly user: CommunicationsUser } | undefined
  readonly record?: UserRecord | undefined
}

export function missingIn({ account, communications, record }: UserSides): readonly SystemName[] {
  const there = { keycloak: account, 'wac-core': communications, kitter: record }
  return systems.filter((system) => there[system] === undefined)
}

/** As Keycloak has it; none where it isn't one that kitter could have. */
export function usernameOf(
  { account, communications, record }: UserSides,
  loginNames: LoginNames,
): UserName | undefined {
  if (account === undefined) return record?.user.username
  const domains = [attributeOf(account, 'domain'), record?.user.domain, communications?.user.domain]
  return usernameIn(account.loginName, loginNames, domains)
}

/** As wac-core has it, and where it doesn't say, kitter, and then Keycloak. `unusable` isn't a domain's name. */
export function domainOf({ account, communications, record }: UserSides): DomainName | 'unusable' | undefined {
  const said = [communications?.user.domain, record?.user.domain, account && attributeOf(account, 'domain')]
  const name = said.map(textOf).find((text) => text !== undefined)
  return name === undefined ? undefined : (domainName(name) ?? 'unusable')
}

/** As wac-core has it, also none. */
export function phoneNumberOf({ account, communications, record }: UserSides): string | undefined {
  if (communications !== undefined) return textOf(communications.user.phoneNumber)
  return record === undefined ? account && attributeOf(account, 'phone_number') : record.user.phoneNumber
}

/** Several values where one belongs are told as they are. */
export function shownAttribute({ attributes }: Account, key: 'domain' | 'phone_number'): unknown {
  const values = attributes[key] ?? []
  return values.length > 1 ? values : values[0]
}

export function attributeOf({ attributes }: Account, key: 'domain' | 'phone_number'): string | undefined {
  return attributes[key]?.[0]
}

/** Without those that are fields of a user. */
export function freeAttributesOf({ attributes }: Account): UserAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== 'domain' && key !== 'phone_number'))
}
