import { canHaveArchive } from './keycloak-archive.ts'
import { findJava } from './find-java.ts'

export type KeycloakSource =
  { readonly url: string; readonly adminUser: string; readonly adminPassword: string } | { readonly java: string }

/** The server of KEYCLOAK_URL, or what one is started with. */
export function findKeycloak(env = process.env): KeycloakSource | undefined {
  const { KEYCLOAK_URL = '', KEYCLOAK_ADMIN = 'admin', KEYCLOAK_ADMIN_PASSWORD = '', KEYCLOAK_HOME = '' } = env
  if (KEYCLOAK_URL !== '') {
    if (KEYCLOAK_ADMIN_PASSWORD === '') throw new Error('KEYCLOAK_URL needs KEYCLOAK_ADMIN_PASSWORD beside it.')
    return { url: KEYCLOAK_URL.replace(/\/+$/, ''), adminUser: KEYCLOAK_ADMIN, adminPassword: KEYCLOAK_ADMIN_PASSWORD }
  }
  const java = findJava(env)
  if (java === undefined) return undefined
  return KEYCLOAK_HOME !== '' || canHaveArchive(env) ? { java } : undefined
}
