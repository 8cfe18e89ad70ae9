import { beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../domain/session.ts'
import type { SessionControl } from './session-control.ts'

export interface OpenedSession {
  /** Whether it can still be refreshed. */
  isAlive(): Promise<boolean>
}

export interface SessionControlBench {
  readonly control: SessionControl
  /** The id of an account that can log in. */
  newUser(): Promise<string>
  logIn(userId: string, offline: boolean): Promise<OpenedSession>
  endSessionsOf(userId: string): Promise<unknown>
}

async function active(control: SessionControl): Promise<Session[]> {
  const sessions: Session[] = []
  for await (const page of control.active()) sessions.push(...page)
  return sessions
}

/** Ends everybody's sessions in the realm that it runs in. */
export function sessionControlContract(name: string, setUp: () => Promise<SessionControlBench>): void {
  describe(`${name}: sessions of the realm`, () => {
    let bench: SessionControlBench
    beforeAll(async () => {
      bench = await setUp()
    })

    it('shows every active session once, offline ones included', async () => {
      const [user, other] = [await bench.newUser(), await bench.newUser()]
      await bench.logIn(user, false)
      await bench.logIn(user, true)
      await bench.logIn(other, false)
      const all = await active(bench.control)
      const kinds = (userId: string): boolean[] =>
        all
          .filter((session) => session.userId === userId)
          .map(({ offline }) => offline)
          .sort()
      expect(kinds(user)).toEqual([false, true])
      expect(kinds(other)).toEqual([false])
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    })

    it('shows no session that has ended', async () => {
      const user = await bench.newUser()
      await bench.logIn(user, false)
      await bench.endSessionsOf(user)
      expect((await active(bench.control)).filter(({ userId }) => userId === user)).toEqual([])
    })

    it('ends those that it is told to, and counts those that were there', async () => {
      const [user, other] = [await bench.newUser(), await bench.newUser()]
      const [online, offline, stays] = [
        await bench.logIn(user, false),
        await bench.logIn(user, true),
        await bench.logIn(other, false),
      ]
      const theirs = (await active(bench.control)).filter(({ userId }) => userId === user)
      expect(await bench.control.end(theirs)).toBe(2)
      expect([await online.isAlive(), await offline.isAlive(), await stays.isAlive()]).toEqual([false, false, true])
      expect(await bench.control.end(theirs)).toBe(0)
      expect(await bench.control.end([])).toBe(0)
    })

    it("ends everybody's and counts them", async () => {
      await bench.control.endAll()
      const [user, other] = [await bench.newUser(), await bench.newUser()]
      const opened = [await bench.logIn(user, false), await bench.logIn(user, true), await bench.logIn(other, false)]
      expect(await bench.control.endAll()).toBe(3)
      for (const session of opened) expect(await session.isAlive()).toBe(false)
      expect(await active(bench.control)).toEqual([])
      expect(await bench.control.endAll()).toBe(0)
    })

    it('lets people log in again', async () => {
      const user = await bench.newUser()
      await bench.control.endAll()
      expect(await (await bench.logIn(user, false)).isAlive()).toBe(true)
    })
  })
}
