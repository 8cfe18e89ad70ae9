import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { json, KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

/** What the documentation shows after `{"first_name":"User", "last_name":"Three"}`, apart from the id, as it prints it. */
const shown = {
  call_restriction: {},
  caller_id: {},
  contact_list: {},
  dial_plan: {},
  enabled: true,
  first_name: 'User',
  hotdesk: { enabled: false, keep_logged_in_elsewhere: false, require_pin: false },
  id: '{USER_ID}',
  last_name: 'Three',
  media: {
    audio: { codecs: ['PCMU'] },
    encryption: { enforce_security: false, methods: [] },
    video: { codecs: [] },
  },
  music_on_hold: {},
  priv_level: 'user',
  profile: {},
  require_password_update: false,
  ringtones: {},
  verified: false,
  vm_to_email_enabled: true,
}

let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = await KazooClient.start()
  account = await kazoo.account()
})
afterAll(() => kazoo[Symbol.asyncDispose]())

const user = (data = {}) => kazoo.user(account, data)
const idIn = (path: string): string => path.split('/').at(-1) ?? ''

/** To the letter, but for what differs each time; `timestamp` has been added since the documentation was printed. */
function expectPrinted({ text, headers, body }: Answer, data: unknown, more: object = {}): void {
  const printed = {
    auth_token: kazoo.kitter.adminToken,
    data,
    ...more,
    request_id: headers.get('x-request-id'),
    revision: body.revision as unknown,
    status: 'success',
    timestamp: body.timestamp as unknown,
  }
  expect(text).toBe(JSON.stringify(printed))
  expect(body.revision).toMatch(/^1-[0-9a-f]{32}$/)
  expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  expect(headers.get('content-type')).toBe('application/json')
}

describe("Kazoo's documentation, example by example", () => {
  it('Fetch', async () => {
    const { users } = await kazoo.account().then(async (fresh) => {
      const person = { caller_id: { external: { number: '1' } }, first_name: 'User', timezone: 'America/Los_Angeles' }
      for (const [last_name, name, priv_level] of [
        ['One', 'user1', 'admin'],
        ['Two', 'user2', 'user'],
      ]) {
        const email = `${String(name)}@${fresh.domain}`
        await kazoo.user(fresh, { ...person, last_name, priv_level, email, username: email, password: 'secret' })
      }
      return fresh
    })
    const answer = await kazoo.call('GET', users)
    expect(answer.status).toBe(200)
    const rows = answer.body.data as { id: string; email: string }[]
    const row = (index: number, last_name: string, priv_level: string) => ({
      email: rows[index]?.email,
      features: ['caller_id', 'vm_to_email'],
      first_name: 'User',
      id: rows[index]?.id,
      last_name,
      priv_level,
      timezone: 'America/Los_Angeles',
      username: rows[index]?.email,
    })
    expectPrinted(answer, [row(0, 'One', 'admin'), row(1, 'Two', 'user')], { page_size: 2 })
    expect(rows.map(({ email }) => email.split('@')[0])).toEqual(['user1', 'user2'])
  })

  it('Create a new user', async () => {
    const raw = '{"data":{"first_name":"User", "last_name":"Three"}}'
    const answer = await kazoo.call('PUT', account.users, { raw, headers: json })
    const { id } = answer.body.data as { id: string }
    expect(answer.status).toBe(201)
    expectPrinted(answer, { ...shown, id })
    expect(answer.headers.get('location')).toBe(`${account.users}/${id}`)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('Remove a user', async () => {
    const path = await user({ enabled: false })
    const answer = await kazoo.call('DELETE', path)
    expect(answer.status).toBe(200)
    expectPrinted(answer, { ...shown, id: idIn(path), enabled: false })
    expect((await kazoo.call('GET', path)).status).toBe(404)
  })

  it('Fetch a user', async () => {
    const path = await user()
    const answer = await kazoo.call('GET', path)
    expect(answer.status).toBe(200)
    expectPrinted(answer, { ...shown, id: idIn(path) })
  })

  it("Patch a user's doc", async () => {
    const path = await user()
    const answer = await kazoo.call('PATCH', path, {
      raw: '{"data":{"enabled":false}}',
      headers: json,
    })
    expect(answer.status).toBe(200)
    expectPrinted(answer, { ...shown, id: idIn(path), enabled: false })
  })

  it('Change the user doc', async () => {
    const path = await user()
    const raw =
      '{"data":{"first_name":"User","last_name":"Three","call_restriction":{},"caller_id":{},"contact_list":{},"dial_plan":{},"enabled":false,"hotdesk":{"enabled":false,"keep_logged_in_elsewhere":false,"require_pin":false},"media":{"audio":{"codecs":["PCMU"]},"encryption":{"enforce_security":false,"methods":[]},"video":{"codecs":[]}},"music_on_hold":{},"priv_level":"user","profile":{},"require_password_update":false,"ringtones":{},"verified":false,"vm_to_email_enabled":true}}'
    const answer = await kazoo.call('POST', path, { raw, headers: json })
    expect(answer.status).toBe(200)
    expectPrinted(answer, { ...shown, id: idIn(path), enabled: false })
  })
})

describe('The rest of the documentation', () => {
  it('Fetch (or create) a vCard', async () => {
    const answer = await kazoo.call('GET', `${await user()}/vcard`, { headers: { accept: 'text/x-vcard' } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/x-vcard'])
    expect(answer.text).toBe('BEGIN:VCARD\nVERSION:3.0\nFN:User Three\nN:Three;User\nEND:VCARD\n')
  })

  it("Create or change, fetch and remove the user's photo", async () => {
    const path = `${await user()}/photo`
    const made = await kazoo.call('POST', path, {
      raw: Buffer.from([0xff, 0xd8, 0xff, 0]),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(made.status).toBe(200)
    expectPrinted(made, {})
    const shownPhoto = await kazoo.call('GET', path, { headers: { accept: 'application/base64' } })
    expect([shownPhoto.status, shownPhoto.headers.get('content-length')]).toEqual([200, '4'])
    expect((await kazoo.call('DELETE', path)).body).toMatchObject({ status: 'success', data: {} })
    expect((await kazoo.call('GET', path)).status).toBe(404)
  })
})
