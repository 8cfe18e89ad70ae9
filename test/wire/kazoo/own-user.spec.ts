import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '#kernel'
import { giveRoles } from '../access/give-roles.fixture.ts'
import { KazooClient, type TestAccount, uuidIn } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
let other: string
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start())
  account = await kazoo.account()
  other = await kazoo.user(account)
})
afterAll(() => resources.disposeAsync())

async function signedIn(role: Role | undefined) {
  const [username, password] = [`p${randomUUID()}`, randomUUID()]
  const path = await kazoo.user(account, { username, password })
  const id = uuidIn(path)
  if (role !== undefined) await giveRoles(kazoo.kitter, id, role)
  const token = String((await kazoo.kitter.logIn(username, password))['access_token'])
  return { path, token, username }
}

describe.each([undefined, 'kitter-viewer', 'kitter-domain-admin'] as const)('With the role %s', (role) => {
  let path: string
  let token: string
  let username: string
  beforeAll(async () => {
    ;({ path, token, username } = await signedIn(role))
  })

  const photo = (method: string, at: string) => {
    const headers = { 'content-type': 'image/png' }
    return kazoo.call(method, `${at}/photo`, { token, ...(method === 'POST' && { headers, raw: 'x' }) })
  }

  it('one changes what is theirs of their own user, and their photo', async () => {
    for (const at of [path, path.replace(/accounts\/\w+/, 'account')]) {
      const data = { first_name: 'New', timezone: 'UTC' }
      const changed = await kazoo.send('PATCH', at, data, { token })
      expect([changed.status, changed.body.data]).toEqual([200, expect.objectContaining(data)])
      expect((await photo('POST', at)).status).toBe(200)
      expect((await kazoo.call('GET', `${at}/photo`, { token })).text).toBe('x')
      expect((await photo('DELETE', at)).status).toBe(200)
    }
  })

  it('one changes nothing of it that others decide', async () => {
    for (const data of [
      { email: 'other@example.com' },
      { enabled: false },
      { password: 'another horse' },
      { username: `q${username}`, password: 'another horse' },
    ]) {
      expect([data, (await kazoo.send('PATCH', path, data, { token })).status]).toEqual([data, 403])
    }
    expect((await kazoo.call('DELETE', path, { token })).status).toBe(403)
    expect((await kazoo.call('POST', `${path}?verb=DELETE`, { token, body: {} })).status).toBe(403)
    expect((await kazoo.call('GET', path)).body.data).toMatchObject({ username, enabled: true })
  })

  it("one changes somebody else's as the role allows it", async () => {
    const status = role === undefined ? 404 : role === 'kitter-viewer' ? 403 : 200
    expect((await kazoo.send('PATCH', other, { timezone: 'UTC' }, { token })).status).toBe(status)
    expect((await photo('POST', other)).status).toBe(status)
  })
})
