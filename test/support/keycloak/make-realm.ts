import KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { bootstrapRealm } from '#infrastructure/keycloak'
import type { KeycloakAccess } from './keycloak-server.ts'

/** Clients in which people log in with a password, as operators have them. */
const peopleClients = ['people', 'portal'] as const

export type PeopleClient = (typeof peopleClients)[number]

export interface MadeRealm {
  /** Of kitter's service account. */
  readonly clientId: string
  readonly clientSecret: string
  /** The administrator of the whole Keycloak, in this realm. */
  readonly admin: KeycloakAdminClient
}

/** A realm fit for kitter, as `kitter bootstrap` makes it, that people can log in to. */
export async function makeRealm(keycloak: KeycloakAccess, realm: string): Promise<MadeRealm> {
  const { url, adminUser, adminPassword } = keycloak
  const { clientId, clientSecret = '' } = await bootstrapRealm({ url, realm, adminUser, adminPassword })
  const admin = adminOf(keycloak, realm)
  await makePeopleClients(admin)
  return { clientId, clientSecret, admin }
}

/** An administrator whose token is renewed in time: those of `admin-cli` last a minute. */
function adminOf({ url, adminUser, adminPassword }: KeycloakAccess, realm: string): KeycloakAdminClient {
  const session = new KeycloakAdminClient({ baseUrl: url, realmName: 'master' })
  const admin = new KeycloakAdminClient({ baseUrl: url, realmName: realm })
  let renewal = Promise.resolve()
  let renewedAt = Number.NEGATIVE_INFINITY
  admin.registerTokenProvider({
    getAccessToken: async () => {
      if (performance.now() - renewedAt > 30_000) {
        renewedAt = performance.now()
        const grant = { grantType: 'password', clientId: 'admin-cli' } as const
        renewal = session.auth({ ...grant, username: adminUser, password: adminPassword })
      }
      await renewal
      return session.accessToken
    },
  })
  return admin
}

/** As people log in, in a client of an operator's own. Made after the bootstrap, whose client scope it then has. */
async function makePeopleClients(admin: KeycloakAdminClient): Promise<void> {
  for (const clientId of peopleClients) {
    await admin.clients.create({ clientId, publicClient: true, directAccessGrantsEnabled: true })
  }
}
