import type { Role } from '#kernel'
import type { DomainName } from '#core/domains'

/** Whom a token is about. */
export interface Principal {
  readonly subject: string
  readonly name: string
  readonly roles: readonly string[]
  readonly domain?: string | undefined
}

/** The claims of a token about somebody, besides its subject, as Keycloak makes them. */
export function claimsOf({ name, roles, domain }: Principal): Record<string, unknown> {
  return {
    preferred_username: name,
    realm_access: { roles },
    ...(domain !== undefined && { domain }),
  }
}

const nobody = 'sandbox:'

/** Somebody with a role and without an account, for tokens that nobody logged in for. */
export function bearerOf(role: Role, domain?: DomainName): Principal {
  if (domain === undefined) return { subject: `${nobody}${role}`, name: role, roles: [role] }
  return { subject: `${nobody}${role}:${domain}`, name: `${role}@${domain}`, roles: [role], domain }
}

export function hasAccount(subject: string): boolean {
  return !subject.startsWith(nobody)
}
