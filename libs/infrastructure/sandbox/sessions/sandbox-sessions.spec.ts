import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SessionControl } from '#core/sessions'
import { IdentityDirectory, UserSessions } from '#core/users'
import { sessionControlContract } from '../../../core/sessions/application/session-control.contract.ts'
import { type OpenedSession, userSessionsContract } from '../../../core/users/application/user-sessions.contract.ts'
import { TestSandbox } from '../test-sandbox.fixture.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

async function logIn(userId: string, offline: boolean): Promise<OpenedSession> {
  const account = await sandbox.get(IdentityDirectory).find(userId)
  const answer = await sandbox.logIn(account?.loginName ?? '', offline ? { scope: 'offline_access' } : {})
  expect(answer.status).toBe(200)
  return { isAlive: async () => (await sandbox.refresh(answer)).status === 200 }
}

const newUser = async (): Promise<string> => (await sandbox.account()).id

userSessionsContract('The sandbox', () => Promise.resolve({ sessions: sandbox.get(UserSessions), newUser, logIn }))

sessionControlContract('The sandbox', () => {
  const endSessionsOf = (userId: string): Promise<number> => sandbox.get(UserSessions).end(userId)
  return Promise.resolve({ control: sandbox.get(SessionControl), newUser, logIn, endSessionsOf })
})

describe('Sessions that two end at the same time', () => {
  it('are counted once', async () => {
    const user = await newUser()
    for (const offline of [false, true, false]) await logIn(user, offline)
    const counts = await Promise.all([1, 2].map(() => sandbox.get(UserSessions).end(user)))
    expect(counts[0]! + counts[1]!).toBe(3)
  })
})

describe('A session that has expired', () => {
  const expire = (userId: string): Promise<unknown> =>
    sandbox.rows(`UPDATE sandbox.sessions SET expires_at = now() - interval '1 second' WHERE account_id = $1`, userId)

  it('is neither refreshed nor shown nor counted', async () => {
    const user = await newUser()
    const session = await logIn(user, true)
    await expire(user)
    expect(await session.isAlive()).toBe(false)
    for await (const page of sandbox.get(SessionControl).active()) {
      expect(page.map(({ userId }) => userId)).not.toContain(user)
    }
    expect(await sandbox.get(UserSessions).end(user)).toBe(0)
  })

  it('is deleted with its tokens when somebody logs in', async () => {
    const [user, other] = [await newUser(), await newUser()]
    await logIn(user, false)
    const [session] = await sandbox.rows<{ id: string }>('SELECT id FROM sandbox.sessions WHERE account_id = $1', user)
    const kept = () => sandbox.rows('SELECT FROM sandbox.oidc_entries WHERE session_id = $1', session?.id)
    expect(await kept()).toHaveLength(2)
    await expire(user)
    await logIn(other, false)
    expect(await kept()).toHaveLength(0)
    expect(await sandbox.rows('SELECT FROM sandbox.sessions WHERE account_id = $1', user)).toHaveLength(0)
  })
})

describe('More sessions than fit on a page', () => {
  it('are all shown', async () => {
    const user = await newUser()
    await sandbox.rows(
      `INSERT INTO sandbox.sessions (id, account_id, offline, expires_at)
      SELECT 'session-' || n, $1, false, now() + interval '1 hour' FROM generate_series(1, 2100) AS n`,
      user,
    )
    const ids = new Set<string>()
    for await (const page of sandbox.get(SessionControl).active()) {
      for (const { id, userId } of page) if (userId === user) ids.add(id)
    }
    expect(ids.size).toBe(2100)
    expect(await sandbox.get(UserSessions).end(user)).toBe(2100)
  })
})
