import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { sessionControlContract } from '../../../core/sessions/application/session-control.contract.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { userSessionsContract, type OpenedSession } from '../../../core/users/application/user-sessions.contract.ts'
import { KeycloakCredentials } from '../accounts/keycloak-credentials.ts'
import { KeycloakIdentityDirectory } from '../accounts/keycloak-identity-directory.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'
import { RealmFacts } from '../realm/realm-facts.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { KeycloakSessionControl } from './keycloak-session-control.ts'
import { KeycloakUserSessions } from './keycloak-user-sessions.ts'
import { RealmSessions } from './realm-sessions.ts'

describeWith('keycloak', 'Sessions in Keycloak', () => {
  let real: RealRealm
  let directory: KeycloakIdentityDirectory
  let credentials: KeycloakCredentials
  let control: KeycloakSessionControl
  let sessions: KeycloakUserSessions
  beforeAll(async () => {
    real = await RealRealm.create()
    const realm = new KeycloakRealm(real)
    const facts = new RealmFacts(realm)
    directory = new KeycloakIdentityDirectory(realm, facts)
    credentials = new KeycloakCredentials(realm, facts)
    control = new KeycloakSessionControl(realm, new RealmSessions(realm))
    sessions = new KeycloakUserSessions(realm, new RealmSessions(realm))
  })
  afterAll(() => real[Symbol.asyncDispose]())

  async function newUser(): Promise<string> {
    const account = newAccount({ loginName: `user-${randomUUID()}` })
    await directory.create(account, await credentials.hash({ value: 'correct horse', temporary: false }))
    return account.id
  }

  async function logIn(userId: string, offline: boolean): Promise<OpenedSession> {
    const account = await directory.find(userId)
    const tokens = await real.logIn(account?.loginName ?? '', 'correct horse', { offline })
    if (tokens.status !== 200) throw new Error(JSON.stringify(tokens))
    return { isAlive: async () => (await real.refresh(tokens)).status === 200 }
  }

  userSessionsContract('Keycloak', () => Promise.resolve({ sessions, newUser, logIn }))
  sessionControlContract('Keycloak', () =>
    Promise.resolve({ control, newUser, logIn, endSessionsOf: (userId) => sessions.end(userId) }),
  )
})
