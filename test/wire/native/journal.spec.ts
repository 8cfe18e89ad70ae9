import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'

const secrets = { password: 'correct horse battery staple', next: 'wrong horse battery staple', sip: 'sip-s3cret' }

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

/** Postgres itself keeps every word that is ever written into the journal. */
beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
  await look.rows('CREATE TABLE public.seen (number serial, entry jsonb)')
  await look.rows(`
    CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.seen (entry) VALUES (to_jsonb(NEW)); RETURN NEW; END $$`)
  await look.rows(
    'CREATE TRIGGER see AFTER INSERT OR UPDATE ON kitter.operations FOR EACH ROW EXECUTE FUNCTION public.see()',
  )
})
beforeEach(async () => {
  await look.rows('TRUNCATE public.seen')
})
afterAll(() => resources.disposeAsync())

interface Step {
  readonly name: string
  readonly state: string
}

interface Entry {
  readonly kind: string
  readonly subject: string
  readonly state: string
  readonly reason: string | null
  readonly payload: unknown
  readonly learned: unknown
  readonly steps: readonly Step[]
}

async function seen(): Promise<readonly Entry[]> {
  const rows = await look.rows('SELECT entry FROM public.seen ORDER BY number')
  return rows.map((row) => row['entry'] as Entry)
}

const toldBy = (entries: readonly Entry[]): string[] =>
  entries.map(({ state, steps }) => [state, ...steps.map((step) => `${step.name} ${step.state}`)].join(', '))

/** Nowhere in the journal, in no wording. */
function expectNoSecret(entries: readonly Entry[]): void {
  const text = JSON.stringify(entries)
  for (const secret of Object.values(secrets)) {
    for (const wording of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      expect(text).not.toContain(wording)
    }
  }
}

const userFields = (username: string) => ({
  ...{ username, email: `${username}@example.com`, credentials: { password: secrets.password } },
  sip_mapping: { username: `sip-${username}`, password: secrets.sip },
})

describe('The journal', () => {
  it('has every step of a create before it is made, and no secret', async () => {
    expect((await api.createUser(userFields('anna'))).status).toBe(201)
    const entries = await seen()
    expect(toldBy(entries)).toEqual([
      'open',
      'open, wac-core: create user begun',
      'open, wac-core: create user done, wac-core: create SIP mapping begun',
      'open, wac-core: create user done, wac-core: create SIP mapping done, keycloak: create account begun',
      'done, wac-core: create user done, wac-core: create SIP mapping done, keycloak: create account done',
    ])
    expect(entries[1]?.payload).toMatchObject({ user: { username: 'anna' }, loginName: 'anna', mapsSip: true })
    expectNoSecret(entries)
  })

  it('has every step of a change, and of its password the hash alone', async () => {
    await kitter.createUser('berta', { credentials: { password: secrets.password } })
    const { body } = await api.findUser('quobis', 'berta')
    await look.rows('TRUNCATE public.seen')
    const change = { first_name: 'Berta', credentials: { password: secrets.next } }
    expect((await api.updateUser(body.id, change)).status).toBe(200)
    const entries = await seen()
    expect(toldBy(entries).at(-1)).toBe(
      'done, wac-core: update user done, keycloak: update account done, keycloak: end sessions done',
    )
    expect(JSON.stringify(entries)).toContain('$argon2id$')
    expectNoSecret(entries)
  })

  it('has no secret of what was refused either', async () => {
    await kitter.createUser('carla', { sip_mapping: { username: 'sip-taken', password: 'x' } })
    await look.rows('TRUNCATE public.seen')
    const refused = { ...userFields('carla-2'), sip_mapping: { username: 'sip-taken', password: secrets.sip } }
    expect((await api.createUser(refused)).status).toBe(409)
    const entries = await seen()
    expect(toldBy(entries).at(-1)).toBe('undone, wac-core: create user undone, wac-core: create SIP mapping refused')
    expectNoSecret(entries)
  })

  it('forgets who a user was once its operation has ended', async () => {
    await kitter.createUser('dora', { email: 'dora@example.com', first_name: 'Dorothea' })
    const { body } = await api.findUser('quobis', 'dora')
    expect((await api.removeUser(body.id)).status).toBe(204)
    const left = JSON.stringify(await look.rows('SELECT * FROM kitter.operations'))
    expect(left).toContain(body.id)
    expect(left).not.toMatch(/dora@example\.com|Dorothea/)
  })
})
