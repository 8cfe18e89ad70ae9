import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import { parseUserName } from '#core/users'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { ProbeClient } from './probe-client.fixture.ts'
import { digest, resultIn } from './probe-dialect.fixture.ts'

const domain = 'digest.example'
const other = 'other.digest.example'

const resources = new AsyncDisposableStack()
let probe: ProbeClient
let look: DatabaseLook
beforeAll(async () => {
  probe = resources.use(await ProbeClient.start())
  look = resources.use(await DatabaseLook.into(probe.kitter))
  await probe.kitter.createDomain(domain)
  await probe.kitter.createDomain(other, domain)
})
afterAll(() => resources.disposeAsync())

const digestOf = (username: string, password: string): string =>
  digest.of({ username: parseUserName(username), domain: parseDomainName(domain) }, password)

interface Person {
  readonly id: string
  readonly username: string
  readonly password: string
}

async function person(fields: Readonly<Record<string, unknown>> = {}): Promise<Person> {
  const [username, password] = [`p${randomUUID()}`, randomUUID()]
  const credentials = { password, ...(fields['credentials'] as object | undefined) }
  const { id } = await probe.kitter.createUser(username, { attributes: { domain }, ...fields, credentials })
  return { id, username, password }
}

/** Whom a digest lets in. */
async function told({ username }: Person, password: string, inDomain = domain) {
  const body = { domain: inDomain, digest: digestOf(username, password) }
  return resultIn((await probe.call('POST', '/probe/sign-in', { body })).body)
}

async function expectIn(who: Person, password: string, inDomain?: string): Promise<void> {
  expect(await told(who, password, inDomain)).toEqual({ found: who.id })
}

async function expectRefused(who: Person, password: string, inDomain?: string): Promise<void> {
  expect(await told(who, password, inDomain)).toEqual({ found: null })
}

const change = (id: string, body: object) => probe.kitter.call('PATCH', `/users/${id}`, { body })
const kept = (id: string) => look.rows('SELECT * FROM kitter.user_sign_in_digests WHERE user_id = $1', id)

describe('What somebody signs in with at a dialect', () => {
  it('is good when the user was made with a password, by whichever API', async () => {
    const native = await person()
    await expectIn(native, native.password)
    const [username, password] = [`p${randomUUID()}`, 'made there']
    const made = await probe.call('PUT', '/probe/users', { body: { username, domain, password } })
    await expectIn({ id: String(resultIn(made.body)['id']), username, password }, password)
  })

  it('is nobody else, in no other domain, and with no other password', async () => {
    const [one, two] = [await person(), await person()]
    await expectRefused(one, two.password)
    await expectRefused(one, one.password, other)
    await expectRefused({ ...one, username: one.username.toUpperCase() }, `${one.password} `)
  })

  it('follows a new password', async () => {
    const who = await person()
    await change(who.id, { credentials: { password: 'second' } })
    await expectRefused(who, who.password)
    await expectIn(who, 'second')
    await probe.call('PATCH', `/probe/users/${who.id}`, { body: { password: 'third' } })
    await expectRefused(who, 'second')
    await expectIn(who, 'third')
  })

  it('is nothing any more once the password was set elsewhere, even to the same', async () => {
    const [who, same] = [await person(), await person()]
    await expectIn(who, who.password)
    await look.keycloak.setPassword(who.id, 'set elsewhere')
    await expectRefused(who, who.password)
    await expectRefused(who, 'set elsewhere')
    await look.keycloak.setPassword(same.id, same.password)
    await expectRefused(same, same.password)
    await change(who.id, { credentials: { password: 'set here again' } })
    await expectIn(who, 'set here again')
  })

  it('is dropped with the name or the domain that it was made of, and made anew with a password', async () => {
    const [renamed, moved, both] = [await person(), await person(), await person()]
    await change(renamed.id, { username: `${renamed.username}-new` })
    await change(moved.id, { attributes: { domain: other } })
    await change(both.id, { username: `${both.username}-new`, credentials: { password: 'new' } })
    for (const who of [renamed, moved]) {
      await expectRefused(who, who.password)
      expect(await kept(who.id)).toEqual([])
    }
    await expectRefused(moved, moved.password, other)
    await expectIn({ ...both, username: `${both.username}-new` }, 'new')
  })

  it('survives every other change', async () => {
    const who = await person()
    await change(who.id, { first_name: 'New', email: `${randomUUID()}@digest.example`, attributes: { team: 'a' } })
    await probe.call('PATCH', `/probe/users/${who.id}`, { body: { ring: 'a' } })
    await expectIn(who, who.password)
  })

  it('is worth nothing while the account is disabled, here or elsewhere, or must do something first', async () => {
    const [here, elsewhere] = [await person(), await person()]
    await change(here.id, { enabled: false })
    await look.keycloak.changeAccount(elsewhere.id, { enabled: false })
    await expectRefused(here, here.password)
    await expectRefused(elsewhere, elsewhere.password)
    await change(here.id, { enabled: true })
    await expectIn(here, here.password)
    const temporary = await person({ credentials: { temporary: true } })
    await expectRefused(temporary, temporary.password)
  })

  it('goes with the user', async () => {
    const who = await person()
    await probe.kitter.call('DELETE', `/users/${who.id}`)
    await expectRefused(who, who.password)
    expect(await kept(who.id)).toEqual([])
  })

  it('is kept as a hash only, another one in each domain', async () => {
    const who = await person()
    const [row] = await kept(who.id)
    expect(row).toMatchObject({
      name: 'probe',
      hash: expect.stringMatching(/^\$argon2id\$v=19\$m=7168,t=5,p=1\$/) as string,
    })
    expect(JSON.stringify(row)).not.toContain(digestOf(who.username, who.password))
    const moved = await change(who.id, { attributes: { domain: other }, credentials: { password: who.password } })
    expect(moved.status).toBe(200)
    const [there] = await kept(who.id)
    expect(there?.['hash']).not.toBe(row?.['hash'])
  })

  it('is not kept where nobody asks for it', async () => {
    const id = randomUUID()
    await using silent = await ProbeClient.start({ DIALECTS: 'kazoo' })
    await silent.kitter.createUser(`p${id}`, { credentials: { password: 'unasked' } })
    await using inside = await DatabaseLook.into(silent.kitter)
    expect(await inside.count('kitter.user_sign_in_digests')).toBe(0)
  })
})
