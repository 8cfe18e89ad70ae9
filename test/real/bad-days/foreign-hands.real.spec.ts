import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../support/real.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import { BadDay, everywhere, nowhere, seen } from './bad-day.fixture.ts'

describeWith('keycloak', 'What others do', () => {
  let day: BadDay
  let kitter: TestKitter
  beforeAll(async () => {
    day = await BadDay.dawn()
    kitter = await day.kitter()
  })
  afterAll(() => day[Symbol.asyncDispose]())

  const emailOf = (username: string): string => `${username}@example.com`
  const wacUsers = async (username: string): Promise<readonly { readonly id: string }[]> => {
    const users: readonly { readonly id: string; readonly username: string }[] = await day.wacCore.call('GET', 'users')
    return users.filter((user) => user.username === username)
  }

  describe('in Keycloak:', () => {
    it('a name in any case or form is one name', async () => {
      await kitter.createUser('Zoë.Müller'.normalize('NFD'))
      const [account] = await day.realm.admin.users.find({ username: 'zoë.müller', exact: true })
      expect(account?.username).toBe('zoë.müller'.normalize('NFC'))
      const again = await kitter.call('POST', '/users', { body: { user: { username: 'ZOË.MÜLLER' } } })
      expect(seen(again)).toEqual({ status: 409, code: 'user.name_taken' })
      const { body } = await kitter.call('GET', '/users?username=zo%C3%AB')
      expect(body.users).toEqual([expect.objectContaining({ username: 'zoë.müller' })])
    })

    it.each(['ẞtraße', 'İstanbul', 'ﬁsh', 'Σίσυφος'])(
      '%s is stored as it is answered, or refused, and is free for nobody else',
      async (username) => {
        const answer = await kitter.call('POST', '/users', { body: { user: { username } } })
        if (answer.status !== 201) {
          expect(seen(answer)).toEqual({ status: 400, code: 'request.invalid' })
          expect(await wacUsers(username)).toEqual([])
          return
        }
        const account = await day.realm.admin.users.findOne({ id: answer.body.user.id })
        expect(account?.username).toBe(answer.body.user.username)
        const again = await kitter.call('POST', '/users', { body: { user: { username } } })
        expect(seen(again)).toEqual({ status: 409, code: 'user.name_taken' })
      },
    )

    it("a stranger's address is taken, and nothing is left of who asked for it", async () => {
      await day.realm.admin.users.create({ username: 'stranger', email: emailOf('shared') })
      const user = { username: 'newcomer', email: emailOf('Shared') }
      const answer = await kitter.call('POST', '/users', { body: { user } })
      expect(seen(answer)).toEqual({ status: 409, code: 'user.email_taken' })
      expect(await day.whereabouts(kitter, 'newcomer')).toEqual(nowhere)

      const { id } = await kitter.createUser('newcomer')
      const change = await kitter.call('PATCH', `/users/${id}`, { body: { email: emailOf('shared'), first_name: 'N' } })
      expect(seen(change)).toEqual({ status: 409, code: 'user.email_taken' })
      expect((await kitter.call('GET', `/users/${id}`)).body.user).not.toHaveProperty('first_name')
      const [atWacCore] = await wacUsers('newcomer')
      expect(atWacCore).not.toHaveProperty('email')
    })

    it("a stranger's name is taken, and nothing is left of who asked for it", async () => {
      await day.realm.admin.users.create({ username: 'foreigner' })
      const answer = await kitter.call('POST', '/users', { body: { user: { username: 'Foreigner' } } })
      expect(seen(answer)).toEqual({ status: 409, code: 'user.name_taken' })
      expect(await day.whereabouts(kitter, 'foreigner')).toEqual({ ...nowhere, keycloak: 1 })

      const { id } = await kitter.createUser('somebody')
      const change = await kitter.call('PATCH', `/users/${id}`, { body: { username: 'foreigner' } })
      expect(seen(change)).toEqual({ status: 409, code: 'user.name_taken' })
      expect(await day.whereabouts(kitter, 'somebody')).toEqual(everywhere)
    })

    it('a user whom somebody deleted there can not be changed, and is deleted all the same', async () => {
      const { id } = await kitter.createUser('vanished', { first_name: 'Old', email: emailOf('vanished') })
      await day.realm.admin.users.del({ id })
      const change = await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'New' } })
      expect(seen(change)).toEqual({ status: 404, code: 'user.unknown' })
      const password = await kitter.call('PATCH', `/users/${id}`, { body: { credentials: { password: 'new' } } })
      expect(seen(password)).toEqual({ status: 404, code: 'user.unknown' })
      expect(await wacUsers('vanished')).toEqual([expect.objectContaining({ displayName: 'Old' })])
      expect((await kitter.call('POST', `/users/${id}/logout`)).body).toEqual({ logged_out: 0 })
      expect((await kitter.call('POST', `/users/${id}/reset-password-email`)).status).toBe(404)

      expect((await kitter.call('DELETE', `/users/${id}`)).status).toBe(204)
      expect(await day.whereabouts(kitter, 'vanished')).toEqual(nowhere)
      await kitter.createUser('vanished', { email: emailOf('vanished') })
    })

    it('a user whom somebody deleted there and made anew is another one', async () => {
      const { id } = await kitter.createUser('doppelganger')
      await day.realm.admin.users.del({ id })
      await day.realm.admin.users.create({ username: 'doppelganger' })
      expect((await kitter.call('DELETE', `/users/${id}`)).status).toBe(204)
      expect(await day.whereabouts(kitter, 'doppelganger')).toEqual({ ...nowhere, keycloak: 1 })
    })

    it('what somebody added there outlives what kitter changes', async () => {
      const { id } = await kitter.createUser('decorated')
      const { users } = day.realm.admin
      const account = await users.findOne({ id })
      const attributes = { ...account?.attributes, badge: ['7', '8'] }
      await users.update({ id }, { ...account, attributes, requiredActions: ['VERIFY_EMAIL'] })
      const change = { first_name: 'New', attributes: { color: 'blue' } }
      expect((await kitter.call('PATCH', `/users/${id}`, { body: change })).status).toBe(200)
      const after = await users.findOne({ id })
      expect(after).toMatchObject({ firstName: 'New', requiredActions: ['VERIFY_EMAIL'] })
      expect(after?.attributes).toMatchObject({ badge: ['7', '8'], color: ['blue'], domain: ['quobis'] })
    })
  })

  describe('at wac-core:', () => {
    it('a user whom somebody deleted there can not be changed there, and is deleted all the same', async () => {
      const { id } = await kitter.createUser('mute', { first_name: 'Old' })
      for (const user of await wacUsers('mute')) await day.wacCore.call('DELETE', `users/${user.id}`)
      const change = await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'New' } })
      expect(seen(change)).toEqual({ status: 404, code: 'user.unknown' })
      expect(await day.realm.admin.users.findOne({ id })).toMatchObject({ firstName: 'Old' })
      expect((await kitter.call('DELETE', `/users/${id}`)).status).toBe(204)
      expect(await day.whereabouts(kitter, 'mute')).toEqual(nowhere)
    })

    it("a stranger's name is taken, and nothing is left of who asked for it", async () => {
      const stranger = { domain: 'quobis', username: 'squatter', role: 'user', capabilities: [], mobilePhone: [] }
      await day.wacCore.call('POST', 'users', { ...stranger, externalId: randomUUID() })
      const answer = await kitter.call('POST', '/users', { body: { user: { username: 'squatter' } } })
      expect(seen(answer)).toEqual({ status: 409, code: 'user.name_taken' })
      expect(await day.whereabouts(kitter, 'squatter')).toEqual({ ...nowhere, wacCore: 1 })
    })
  })
})
