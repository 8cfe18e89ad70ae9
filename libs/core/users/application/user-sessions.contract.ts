import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { UserSessions } from './user-sessions.ts'

export interface OpenedSession {
  /** Whether it can still be refreshed. */
  isAlive(): Promise<boolean>
}

export interface UserSessionsBench {
  readonly sessions: UserSessions
  /** The id of an account that can log in. */
  newUser(): Promise<string>
  logIn(userId: string, offline: boolean): Promise<OpenedSession>
}

export function userSessionsContract(name: string, setUp: () => Promise<UserSessionsBench>): void {
  describe(`${name}: sessions of a user`, () => {
    let bench: UserSessionsBench
    beforeAll(async () => {
      bench = await setUp()
    })

    it('ends all of them, offline ones included, and counts them', async () => {
      const user = await bench.newUser()
      const opened = [await bench.logIn(user, false), await bench.logIn(user, true), await bench.logIn(user, false)]
      for (const session of opened) expect(await session.isAlive()).toBe(true)
      expect(await bench.sessions.end(user)).toBe(3)
      for (const session of opened) expect(await session.isAlive()).toBe(false)
    })

    it("leaves other users' alone", async () => {
      const [user, other] = [await bench.newUser(), await bench.newUser()]
      await bench.logIn(user, false)
      const left = await bench.logIn(other, true)
      expect(await bench.sessions.end(user)).toBe(1)
      expect(await left.isAlive()).toBe(true)
    })

    it('has none to end where nobody is logged in', async () => {
      const user = await bench.newUser()
      expect(await bench.sessions.end(user)).toBe(0)
      await bench.logIn(user, false)
      expect(await bench.sessions.end(user)).toBe(1)
      expect(await bench.sessions.end(user)).toBe(0)
    })

    it('lets the user log in again', async () => {
      const user = await bench.newUser()
      await bench.logIn(user, false)
      await bench.sessions.end(user)
      expect(await (await bench.logIn(user, false)).isAlive()).toBe(true)
    })

    it('ends all of them when two do it at the same time', async () => {
      const user = await bench.newUser()
      const opened = [await bench.logIn(user, false), await bench.logIn(user, true)]
      // both may have ended the same one
      const counts = await Promise.all([bench.sessions.end(user), bench.sessions.end(user)])
      expect(Math.max(...counts)).toBeLessThanOrEqual(2)
      expect(counts[0] + counts[1]).toBeGreaterThanOrEqual(2)
      for (const session of opened) expect(await session.isAlive()).toBe(false)
      expect(await bench.sessions.end(user)).toBe(0)
    })

    it('has nothing to end for an id that nobody has', async () => {
      expect(await bench.sessions.end(randomUUID())).toBe(0)
    })
  })
}
