import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { sessionControlContract } from '../../../core/sessions/application/session-control.contract.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { userSessionsContract, type OpenedSession } from '../../../core/users/application/user-sessions.contract.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'

describeWith('keycloak', 'Sessions in Keycloak', () => {
  let real: RealRealm
  let adapters: Adapters
  beforeAll(async () => {
    real = await RealRealm.create()
    adapters = adaptersOf(real)
  })
  afterAll(() => real[Symbol.asyncDispose]())

  async function newUser(): Promise<string> {
    const account = newAccount({ loginName: `user-${randomUUID()}` })
    const password = await adapters.credentials.hash({ value: 'correct horse', temporary: false }, 'first')
    await adapters.directory.create(account, password)
    return account.id
  }

  async function logIn(userId: string, offline: boolean): Promise<OpenedSession> {
    const account = await adapters.directory.find(userId)
    const tokens = await real.logIn(account?.loginName ?? '', 'correct horse', { offline })
    if (tokens.status !== 200) throw new Error(JSON.stringify(tokens))
    return { isAlive: async () => (await real.refresh(tokens)).status === 200 }
  }

  userSessionsContract('Keycloak', () => Promise.resolve({ sessions: adapters.userSessions, newUser, logIn }))
  sessionControlContract('Keycloak', () =>
    Promise.resolve({
      control: adapters.control,
      newUser,
      logIn,
      endSessionsOf: (userId) => adapters.userSessions.end(userId),
    }),
  )
})
