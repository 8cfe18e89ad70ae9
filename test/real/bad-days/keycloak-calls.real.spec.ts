import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Mailbox } from '../../support/mailbox.ts'
import { describeWith } from '../../support/real.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import { BadDay } from './bad-day.fixture.ts'

describeWith('keycloak', 'What kitter asks of Keycloak', () => {
  let day: BadDay
  let kitter: TestKitter
  let domainAdmin: string
  let mailbox: Mailbox
  beforeAll(async () => {
    day = await BadDay.dawn()
    mailbox = await Mailbox.open()
    await day.realm.admin.realms.update({ realm: day.realm.realm }, { smtpServer: mailbox.smtpServer })
    kitter = await day.kitter()
    domainAdmin = await day.realm.accessToken('kitter-domain-admin', 'quobis')
    // what is asked once, or once in half a minute: the token, the keys, the realm's settings, its ways of hashing
    const { id } = await kitter.createUser('first', { credentials: { password: 'secret' } })
    await kitter.call('PATCH', `/users/${id}`, { token: domainAdmin, body: { first_name: 'First' } })
  })
  afterAll(async () => {
    await day[Symbol.asyncDispose]()
    await mailbox[Symbol.asyncDispose]()
  })

  /** As `PUT users/{id}`. */
  async function callsOf(method: string, path: string, body?: unknown, token?: string): Promise<readonly string[]> {
    day.keycloakCalls.taken()
    const answer = await kitter.call(method, path, { body, ...(token !== undefined && { token }) })
    expect(answer.status, answer.text).toBeLessThan(300)
    return taken().filter((call) => !isFollowing(call) && !isRemembered(call))
  }

  function taken(): readonly string[] {
    return day.keycloakCalls
      .taken()
      .map((line) => line.replace(`/admin/realms/${day.realm.realm}`, '').replace(/[0-9a-f-]{36}/g, '{id}'))
      .map((line) => line.replace(' /', ' ').replace(/^DELETE sessions\/.*/, 'DELETE sessions/{id}'))
  }

  async function userId(username: string, password?: string): Promise<string> {
    const user = { email: `${username}@example.com`, ...(password !== undefined && { credentials: { password } }) }
    return (await kitter.createUser(username, user)).id
  }

  it('what seldom changes: once in half a minute', async () => {
    const begun = performance.now()
    day.keycloakCalls.taken()
    for (let count = 0; count < 5; count++) {
      const id = await userId(`seldom-${count}`, 'secret')
      await kitter.call('PATCH', `/users/${id}`, { body: { credentials: { password: 'new' } } })
    }
    const asked = taken().filter(isRemembered)
    const halfMinutes = Math.ceil((performance.now() - begun) / 30_000)
    for (const call of new Set(asked))
      expect(asked.filter((each) => each === call).length).toBeLessThanOrEqual(halfMinutes)
  })

  it('a create: one call, with a password or not', async () => {
    for (const user of [{ username: 'a' }, { username: 'b', credentials: { password: 'secret' } }])
      expect(await callsOf('POST', '/users', { user })).toEqual(['POST partialImport'])
  })

  it('reads and lists: none', async () => {
    const id = await userId('read')
    for (const path of ['/users', `/users/${id}`, '/domains', '/users/quobis/read'])
      expect(await callsOf('GET', path)).toEqual([])
  })

  it('an update: two, and none where only the order of things changes', async () => {
    const id = await userId('updated')
    const changes = [{ first_name: 'New' }, { username: 'renamed' }, { attributes: { color: 'blue' } }]
    for (const change of changes)
      expect(await callsOf('PATCH', `/users/${id}`, change)).toEqual(['GET users/{id}', 'PUT users/{id}'])
    expect(await callsOf('PATCH', `/users/${id}`, { first_name: 'New' })).toEqual([])
  })

  it('a delete: one', async () => {
    const id = await userId('deleted')
    expect(await callsOf('DELETE', `/users/${id}`)).toEqual(['DELETE users/{id}'])
  })

  describe('of a user with an online and an offline session:', () => {
    const offline = ['GET users/{id}/offline-sessions/{id}', 'DELETE sessions/{id}']
    const looking = ['GET users/{id}/sessions', 'GET client-session-stats']
    const check = [
      'GET users/{id}/role-mappings/realm/composite',
      'GET users/{id}/role-mappings/clients/{id}/composite',
    ]

    async function loggedIn(username: string): Promise<string> {
      const id = await userId(username, 'secret')
      await day.realm.logIn(username, 'secret')
      await day.realm.logIn(username, 'secret', { offline: true })
      return id
    }

    it('a log-out: three, and two for the offline session', async () => {
      const path = `/users/${await loggedIn('leaving')}/logout`
      expect(sorted(await callsOf('POST', path))).toEqual(sorted([...looking, ...offline, 'POST users/{id}/logout']))
      expect(sorted(await callsOf('POST', path))).toEqual(sorted([...looking, 'POST users/{id}/logout']))
    })

    it('a password: one, and the log-out', async () => {
      const path = `/users/${await loggedIn('secretive')}`
      const change = { credentials: { password: 'new' } }
      const calls = ['GET users/{id}', 'PUT users/{id}', ...looking, ...offline, 'POST users/{id}/logout']
      expect(sorted(await callsOf('PATCH', path, change))).toEqual(sorted(calls))
    })

    it('a change by a domain admin: two more, to see that it is no administrator', async () => {
      const path = `/users/${await loggedIn('managed')}`
      const calls = [...check, 'GET users/{id}', 'PUT users/{id}']
      expect(sorted(await callsOf('PATCH', path, { first_name: 'New' }, domainAdmin))).toEqual(sorted(calls))
      expect(sorted(await callsOf('DELETE', path, undefined, domainAdmin))).toEqual(
        sorted([...check, 'DELETE users/{id}']),
      )
    })

    it('a reset mail: one', async () => {
      const path = `/users/${await loggedIn('forgetful')}/reset-password-email`
      expect(await callsOf('POST', path)).toEqual(['PUT users/{id}/execute-actions-email'])
    })
  })
})

/** Following what others change asks in its own time. */
function isFollowing(call: string): boolean {
  return /^GET (admin-events|events|events\/config|clients\/)$/.test(call)
}

/** The realm's settings and its ways of hashing: whichever call comes when they are too old asks for them again. */
function isRemembered(call: string): boolean {
  return /^GET (|users\/profile|authentication\/required-actions|admin\/serverinfo)$/.test(call)
}

/** Some are made at the same time. */
function sorted(calls: readonly string[]): readonly string[] {
  return calls.toSorted()
}
