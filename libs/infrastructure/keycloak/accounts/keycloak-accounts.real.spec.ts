import { afterAll, beforeAll } from 'vitest'
import { credentialsContract } from '../../../core/users/application/credentials.contract.ts'
import { identityDirectoryContract } from '../../../core/users/application/identity-directory.contract.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmFacts } from '../realm/realm-facts.ts'
import { Mailbox } from '../../../../test/support/mailbox.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { KeycloakCredentials } from './keycloak-credentials.ts'
import { KeycloakIdentityDirectory } from './keycloak-identity-directory.ts'

describeWith('keycloak', 'Accounts in Keycloak', () => {
  let real: RealRealm
  let mailbox: Mailbox
  let directory: KeycloakIdentityDirectory
  let credentials: KeycloakCredentials
  beforeAll(async () => {
    real = await RealRealm.create()
    mailbox = await Mailbox.open()
    const smtpServer = { host: '127.0.0.1', port: String(mailbox.port), from: 'kitter@example.com' }
    await real.admin.realms.update({ realm: real.realm }, { smtpServer })
    const realm = new KeycloakRealm(real)
    const facts = new RealmFacts(realm)
    directory = new KeycloakIdentityDirectory(realm, facts)
    credentials = new KeycloakCredentials(realm, facts)
  })
  afterAll(async () => {
    await mailbox[Symbol.asyncDispose]()
    await real[Symbol.asyncDispose]()
  })

  identityDirectoryContract('Keycloak', () => Promise.resolve({ directory }))

  credentialsContract('Keycloak', () =>
    Promise.resolve({
      credentials,
      directory,
      logIn: async (loginName, password) => {
        const { status, error_description: why } = await real.logIn(loginName, password)
        if (status === 200) return 'in'
        return why === 'Account is not fully set up' ? 'must change the password' : 'refused'
      },
      mailsTo: (address) => Promise.resolve(mailbox.to(address).length),
    }),
  )
})
