import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../e2e/until.fixture.ts'
import { describeWith } from '../../support/real.ts'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'
import { BadDay, everywhere, nowhere, seen } from './bad-day.fixture.ts'

const password = 'correct horse'

describeWith('keycloak', 'Users who are created at the same time', () => {
  let day: BadDay
  let kitter: TestKitter
  beforeAll(async () => {
    day = await BadDay.dawn()
    kitter = await day.kitter()
    await kitter.createUser('first')
  })
  afterAll(() => day[Symbol.asyncDispose]())
  beforeEach(() => {
    day.keycloakCalls.meddler = () => undefined
    day.keycloakCalls.taken()
  })

  function names(prefix: string, count: number): string[] {
    return Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
  }

  function create(usernames: readonly string[], fields: object = { credentials: { password } }): Promise<Answer[]> {
    const bodies = usernames.map((username) => ({ user: { username, ...fields } }))
    return Promise.all(bodies.map((body) => kitter.call('POST', '/users', { body })))
  }

  /** Slower than the callers come. */
  function slowly(meddlings: readonly ('drop after' | 'drop after and go')[] = []): void {
    const left = [...meddlings]
    day.keycloakCalls.meddler = (line) =>
      line.endsWith('partialImport') ? (left.shift() ?? { delayMs: 300 }) : undefined
  }

  const imports = (): number => day.keycloakCalls.taken().filter((line) => line.endsWith('partialImport')).length

  it('cost Keycloak a few calls, are whole, and can log in', async () => {
    slowly()
    const usernames = names('many', 40)
    const answers = await create(usernames)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(imports()).toBeLessThan(12)
    for (const username of usernames.slice(0, 8)) {
      expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
      expect((await day.realm.logIn(username, password)).status).toBe(200)
    }
  })

  it('learn that somebody else has the name in Keycloak, and the others are there', async () => {
    await day.realm.admin.users.create({ username: 'mixed-7' })
    await day.realm.admin.users.create({ username: 'elsewhere', email: 'mixed-11@example.com' })
    slowly()
    const usernames = names('mixed', 20)
    const answers = await Promise.all(
      usernames.map((username) => create([username], { email: `${username}@example.com` })),
    )
    const codes = answers.flat().map(({ status, body }) => (status === 201 ? 'created' : body.code))
    const told: Readonly<Record<string, string>> = { 'mixed-7': 'user.name_taken', 'mixed-11': 'user.email_taken' }
    expect(codes).toEqual(usernames.map((username) => told[username] ?? 'created'))
    expect(await day.whereabouts(kitter, 'mixed-7')).toEqual({ ...nowhere, keycloak: 1 })
    expect(await day.whereabouts(kitter, 'mixed-11')).toEqual(nowhere)
    expect(await day.whereabouts(kitter, 'mixed-12')).toEqual(everywhere)
  })

  it('are there though the connection of their group broke', async () => {
    slowly(['drop after', 'drop after', 'drop after'])
    const usernames = names('cut', 20)
    expect((await create(usernames)).map(({ status }) => status)).toEqual(usernames.map(() => 201))
    for (const username of usernames) expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
  })

  describe('while Keycloak goes away amid them', () => {
    it('are there as a whole or not at all, as they are told', async () => {
      slowly(['drop after and go'])
      const usernames = names('gone', 20)
      const answers = await create(usernames)
      const unfinished = answers.filter(({ status }) => status === 504)
      for (const answer of answers) expect([503, 504], JSON.stringify(seen(answer))).toContain(answer.status)
      expect(unfinished.length).toBeGreaterThan(0)
      day.keycloakCalls.meddler = () => undefined
      await day.keycloakCalls.comeBack()
      for (const username of usernames)
        await until(`${username} is gone`, async () => {
          const places = await day.whereabouts(kitter, username)
          return JSON.stringify(places) === JSON.stringify(nowhere)
        })
    })
  })
})
