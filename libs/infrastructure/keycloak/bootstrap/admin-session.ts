import KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { BootstrapError } from './bootstrap-error.ts'
import type { BootstrapOptions } from './bootstrap-options.ts'
import { refusalOf, silenceOf } from './keycloak-failure.ts'

const timeout = 30_000

export interface AdminSession {
  /** Acts in the realm that is to be made fit. */
  readonly inRealm: KeycloakAdminClient
  /** Acts for the server, as for new realms. */
  readonly onServer: KeycloakAdminClient
}

/** The administrator's log-in. Two clients share it, since each renews tokens in its own realm only. */
export async function openSession(options: BootstrapOptions): Promise<AdminSession> {
  const { url, realm, adminUser, adminPassword, adminRealm = 'master' } = options
  const onServer = new KeycloakAdminClient({ baseUrl: url, realmName: adminRealm, timeout })
  try {
    await onServer.auth({ grantType: 'password', clientId: 'admin-cli', username: adminUser, password: adminPassword })
  } catch (error) {
    throw new BootstrapError(logInProblem(options, error), { cause: error })
  }
  const inRealm = new KeycloakAdminClient({ baseUrl: url, realmName: realm, timeout })
  inRealm.registerTokenProvider({ getAccessToken: () => onServer.getAccessToken() })
  return { inRealm, onServer }
}

function logInProblem({ url, adminUser, adminRealm = 'master' }: BootstrapOptions, error: unknown): string {
  const refusal = refusalOf(error)
  if (refusal === undefined) return `Keycloak at ${url} ${silenceOf(error)}.`
  if (refusal.status === 404) {
    return `There is no Keycloak with a realm ${adminRealm} at ${url}: check the URL (some servers have a path, such as /auth).`
  }
  const words = refusal.words ?? `status ${refusal.status}`
  return `Keycloak at ${url} does not let ${adminUser} log in to its realm ${adminRealm}: ${words}.`
}
