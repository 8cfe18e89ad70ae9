import { findKeycloak } from '../support/keycloak/find-keycloak.ts'
import { keycloakDistribution } from '../support/keycloak/keycloak-distribution.ts'
import { startKeycloak } from '../support/keycloak/keycloak-server.ts'
import { makePerson } from '../support/keycloak/make-person.ts'
import { makeRealm } from '../support/keycloak/make-realm.ts'
import { Mailbox } from '../support/mailbox.ts'
import { type Contribution, nothing } from './contribution.ts'
import type { Say } from './say.ts'

const realm = 'kitter'
const administrator = { username: 'admin', password: 'admin' }

/** A Keycloak with a realm fit for kitter, an administrator of kitter in it, and a place for its mails. */
export async function startKeycloakPart(resources: AsyncDisposableStack, say: Say): Promise<Contribution> {
  const source = findKeycloak({ ...process.env, KEYCLOAK_URL: '' })
  if (source === undefined || !('java' in source)) {
    say('No Keycloak: it needs Java 17 or newer, and Maven the first time. kitter uses its sandbox instead.')
    return nothing
  }
  const keycloak = await startKeycloak(source.java, await keycloakDistribution(source.java, process.env))
  resources.defer(() => keycloak.stop())
  const mailbox = await Mailbox.open(({ to, subject, links }) =>
    say(`Mail to ${to.join()}: ${subject} ${links[0] ?? ''}`),
  )
  resources.use(mailbox)

  const { clientId, clientSecret, admin } = await makeRealm(keycloak, realm)
  await admin.realms.update({ realm }, { smtpServer: mailbox.smtpServer })
  await makePerson(admin, { ...administrator, role: 'kitter-admin' })
  return {
    settings: {
      KEYCLOAK_URL: keycloak.url,
      KEYCLOAK_REALM: realm,
      KEYCLOAK_CLIENT_ID: clientId,
      KEYCLOAK_CLIENT_SECRET: clientSecret,
    },
    remarks: [
      `Keycloak's own console: ${keycloak.url}/admin, ${keycloak.adminUser} with ${keycloak.adminPassword}`,
      `A token with kitter-admin: curl -s ${keycloak.url}/realms/${realm}/protocol/openid-connect/token -d grant_type=password -d client_id=people -d username=${administrator.username} -d password=${administrator.password}`,
    ],
  }
}
