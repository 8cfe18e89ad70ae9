import { afterAll, beforeAll } from 'vitest'
import { credentialsContract } from '../../../core/users/application/credentials.contract.ts'
import { identityDirectoryContract } from '../../../core/users/application/identity-directory.contract.ts'
import { Mailbox } from '../../../../test/support/mailbox.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'

describeWith('keycloak', 'Accounts in Keycloak', () => {
  let real: RealRealm
  let mailbox: Mailbox
  let adapters: Adapters
  beforeAll(async () => {
    real = await RealRealm.create()
    mailbox = await Mailbox.open()
    await real.admin.realms.update({ realm: real.realm }, { smtpServer: mailbox.smtpServer })
    adapters = adaptersOf(real)
  })
  afterAll(async () => {
    await mailbox[Symbol.asyncDispose]()
    await real[Symbol.asyncDispose]()
  })

  identityDirectoryContract('Keycloak', () => Promise.resolve(adapters))

  credentialsContract('Keycloak', () =>
    Promise.resolve({
      ...adapters,
      logIn: async (loginName, password) => {
        const { status, error_description: why } = await real.logIn(loginName, password)
        if (status === 200) return 'in'
        return why === 'Account is not fully set up' ? 'must change the password' : 'refused'
      },
      mailsTo: (address) => Promise.resolve(mailbox.to(address).length),
    }),
  )
})
