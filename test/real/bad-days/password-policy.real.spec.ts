import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../support/real.ts'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'
import { BadDay, everywhere, nowhere, seen } from './bad-day.fixture.ts'

describeWith('keycloak', 'Passwords of users', () => {
  let day: BadDay
  beforeAll(async () => {
    day = await BadDay.dawn()
  })
  afterAll(() => day[Symbol.asyncDispose]())

  /** What kitter knows of the realm may be half a minute old. */
  async function kitterWith(passwordPolicy: string): Promise<TestKitter> {
    await day.realm.admin.realms.update({ realm: day.realm.realm }, { passwordPolicy })
    return day.kitter()
  }

  async function rolesOf(id: string): Promise<unknown[]> {
    const roles = await day.realm.admin.users.listRealmRoleMappings({ id })
    return roles.map(({ name }) => name)
  }

  describe.each([
    { policy: 'length(8) and digits(1)', word: 'kitter itself can judge', calls: ['POST partialImport'] },
    {
      policy: 'regexPattern(^[a-z0-9-]+$)',
      word: 'only Keycloak can judge',
      calls: ['POST partialImport', 'PUT users/{id}/reset-password'],
    },
  ])('by rules that $word', ({ policy, calls }) => {
    let kitter: TestKitter
    beforeAll(async () => {
      kitter = await kitterWith(policy)
      await kitter.createUser(`first-of-${calls.length}`, { credentials: { password: 'longenough1' } })
    })

    it('let in who has a good one, with the default role of the realm', async () => {
      const username = `good-${calls.length}`
      day.keycloakCalls.taken()
      const { id } = await kitter.createUser(username, { credentials: { password: 'correcthorse1' } })
      const made = day.keycloakCalls.taken().filter((line) => /^(POST|PUT|DELETE) /.test(line))
      expect(made.map((line) => line.replace(`/admin/realms/${day.realm.realm}/`, '').replace(id, '{id}'))).toEqual(
        calls,
      )
      expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
      expect((await day.realm.logIn(username, 'correcthorse1')).status).toBe(200)
      expect(await rolesOf(id)).toEqual([`default-roles-${day.realm.realm}`])
    })

    it('are refused where they are bad, and nobody is there', async () => {
      const username = `bad-${calls.length}`
      const user = { username, credentials: { password: 'BAD' } }
      const answer = await kitter.call('POST', '/users', { body: { user } })
      expect(seen(answer)).toEqual({ status: 400, code: 'request.invalid' })
      expect(answer.text).toContain('credentials.password')
      expect(await day.whereabouts(kitter, username)).toEqual(nowhere)
    })
  })

  describe.each(['passwordHistory(3)', 'passwordAge(30)'])('by the rule %s', (policy) => {
    let kitter: TestKitter
    beforeAll(async () => {
      kitter = await kitterWith(policy)
    })

    it('are not taken again, and nothing else of that change is done', async () => {
      const username = `again-${policy.slice(0, 10).toLowerCase()}`
      const { id } = await kitter.createUser(username, { first_name: 'Before', credentials: { password: 'first' } })
      const change = (password: string): Promise<Answer> =>
        kitter.call('PATCH', `/users/${id}`, { body: { first_name: password, credentials: { password } } })
      expect((await change('second')).status).toBe(200)
      const refused = await change('first')
      expect(seen(refused)).toEqual({ status: 400, code: 'request.invalid' })
      expect(refused.text).toContain('credentials.password')
      expect((await kitter.call('GET', `/users/${id}`)).body.user).toMatchObject({ first_name: 'second' })
      expect(await day.realm.admin.users.findOne({ id })).toMatchObject({ firstName: 'second' })
      expect((await day.realm.logIn(username, 'second')).status).toBe(200)
      expect((await day.realm.logIn(username, 'first')).error).toBe('invalid_grant')
      expect((await change('third')).status).toBe(200)
      expect((await day.realm.logIn(username, 'third')).status).toBe(200)
    })
  })

  it('are hashed by a Keycloak that lacks the algorithm, as under FIPS', async () => {
    const kitter = await kitterWith('')
    const providers = { 'password-hashing': { providers: { 'pbkdf2-sha512': { order: 200 } } } }
    const answer = { status: 200, contentType: 'application/json', body: JSON.stringify({ providers }) }
    day.keycloakCalls.meddler = (line) => (line === 'GET /admin/serverinfo' ? answer : undefined)
    day.keycloakCalls.taken()
    const { id } = await kitter.createUser('compliant', { credentials: { password: 'correct horse' } })
    const path = `PUT /admin/realms/${day.realm.realm}/users/${id}/reset-password`
    expect(day.keycloakCalls.taken()).toContain(path)
    expect((await day.realm.logIn('compliant', 'correct horse')).status).toBe(200)
    day.keycloakCalls.meddler = () => undefined
  })
})
