import { pbkdf2Sync } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '../../support/real.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import { csv, ImportsApi, verdicts } from '../../wire/imports/imports-api.fixture.ts'
import { BadDay, everywhere, nowhere } from '../bad-days/bad-day.fixture.ts'

// what Keycloak may do late is waited for less long than an operator's kitter does
const hurry = { imports: { restSeconds: 0.2 }, recovery: { firstSeconds: 0.25, lateSeconds: 2 } }
const patience = { timeout: 30_000, interval: 50 }
const header = 'username,domain,email,password,password_hash,temporary'
const bare = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

/** What a row says of a password, and with what its user then gets in. */
const waysIn: Readonly<Record<string, (secret: string) => Promise<string>>> = {
  plain: (secret) => Promise.resolve(`${secret},`),
  argon2: async (secret) => `,"${await hash(secret, { memoryCost: 7168, timeCost: 5, parallelism: 1 })}"`,
  pbkdf2: (secret) => {
    const salt = Buffer.from(`salt of ${secret}`)
    const derived = pbkdf2Sync(secret, salt, 27_500, 64, 'sha512')
    return Promise.resolve(`,"$pbkdf2-sha512$i=27500$${bare(salt)}$${bare(derived)}"`)
  },
  none: () => Promise.resolve(','),
}

describeWith('keycloak', 'An import into Keycloak', () => {
  let day: BadDay
  let kitter: TestKitter
  let imports: ImportsApi
  beforeAll(async () => {
    day = await BadDay.dawn()
    kitter = await day.kitter({}, hurry)
    imports = new ImportsApi(kitter)
    await kitter.createDomain('home.example')
  })
  afterAll(() => day[Symbol.asyncDispose]())
  beforeEach(() => {
    day.keycloakCalls.meddler = () => undefined
    day.keycloakCalls.taken()
  })

  async function account(username: string) {
    const [found] = await day.realm.admin.users.find({ username, exact: true })
    return { id: found?.id ?? '', ...found }
  }

  it(
    'makes users who can log in however their password came, as a dry run foretold',
    { timeout: 120_000 },
    async () => {
      await day.realm.admin.users.create({ username: 'plain-3' })
      const names = Object.keys(waysIn).flatMap((way) => Array.from({ length: 15 }, (_, index) => `${way}-${index}`))
      const rows = names.map(async (name) => {
        const secret = await waysIn[name.split('-', 1)[0] ?? '']?.(`secret of ${name}`)
        return `${name},home.example,${name}@mail.example,${secret},`
      })
      const file = csv(header, ...(await Promise.all(rows)))

      const rehearsed = await imports.run(file, { query: 'dry_run=true' })
      expect(day.keycloakCalls.taken().filter((line) => /^(PUT|POST|DELETE) \/admin/.test(line))).toEqual([])
      const { told } = await imports.run(file, {}, 60_000)
      expect(verdicts(told)).toEqual(names.map((name) => (name === 'plain-3' ? 'refused user.name_taken' : 'created')))
      expect(rehearsed.told).toEqual(told)

      for (const name of names.filter((each) => each !== 'plain-3')) {
        const { access_token: token } = await day.realm.logIn(name, `secret of ${name}`)
        expect([name, token !== undefined]).toEqual([name, !name.startsWith('none')])
      }
      for (const way of Object.keys(waysIn)) {
        const roles = await day.realm.admin.users.listRealmRoleMappings(await account(`${way}-7`))
        expect(roles.map(({ name }) => name)).toEqual([`default-roles-${day.realm.realm}`])
        expect(await day.whereabouts(kitter, `${way}-7`)).toEqual(everywhere)
      }
      expect(await day.whereabouts(kitter, 'plain-3')).toEqual({ ...nowhere, keycloak: 1 })
    },
  )

  it('asks for another password where a temporary one came', async () => {
    const rows = ['plain', 'argon2'].map(
      async (way) => `temporary-${way},home.example,,${await waysIn[way]?.('first day')},yes`,
    )
    await imports.run(csv(header, ...(await Promise.all(rows))))
    for (const way of ['plain', 'argon2']) {
      expect(await account(`temporary-${way}`)).toMatchObject({ requiredActions: ['UPDATE_PASSWORD'] })
      const { error_description: problem } = await day.realm.logIn(`temporary-${way}`, 'first day')
      expect(problem).toBe('Account is not fully set up')
    }
  })

  it('refuses the row whose address somebody has whom only Keycloak knows, and no other', async () => {
    await day.realm.admin.users.create({ username: 'somebody', email: 'taken@mail.example' })
    const rows = Array.from(
      { length: 20 },
      (_, index) => `beside-${index},home.example,beside-${index}@mail.example,,,`,
    )
    const { told } = await imports.run(csv(header, ...rows.with(11, 'beside-11,home.example,Taken@mail.example,,,')))
    expect(verdicts(told)).toEqual(rows.map((_, index) => (index === 11 ? 'refused user.email_taken' : 'created')))
    expect(await day.whereabouts(kitter, 'beside-11')).toEqual(nowhere)
    expect(await day.whereabouts(kitter, 'beside-12')).toEqual(everywhere)
  })

  it('goes on when Keycloak is back: no row is lost, and none is done twice', { timeout: 120_000 }, async () => {
    const names = Array.from({ length: 300 }, (_, index) => `away-${index}`)
    const id = await imports.start(csv('username,domain', ...names.map((name) => `${name},home.example`)))
    await expect.poll(async () => (await imports.read(id)).rows.created, patience).toBeGreaterThan(0)
    await day.keycloakDoor.shut()
    const waiting = { state: 'running', last_error: 'Keycloak does not answer. Nothing was changed.' }
    await expect.poll(() => imports.read(id), patience).toMatchObject(waiting)
    await day.keycloakDoor.open()

    const { state, rows } = await imports.ended(id, 90_000)
    expect([state, rows]).toEqual([
      'done',
      { read: 300, created: 300, updated: 0, skipped: 0, refused: 0, unsettled: 0 },
    ])
    const accounts = await day.realm.admin.users.find({ username: 'away-', max: 1000 })
    expect(accounts.map(({ username }) => username).toSorted()).toEqual(names.toSorted())
    const others: readonly { readonly username: string }[] = await day.wacCore.call('GET', 'users')
    expect(others.filter(({ username }) => username.startsWith('away-'))).toHaveLength(300)
    expect((await kitter.call('GET', '/users?username=away-')).body.total).toBe(300)
  })

  it(
    'takes hashes of bcrypt where Keycloak has a provider that checks them, and only there',
    { timeout: 60_000 },
    async () => {
      const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'
      const file = csv(header, `crypt,quobis,,,${bcrypt},`)
      const { told } = await imports.run(file)
      expect(told[0]?.sentence).toBe('The row is not valid: password_hash must be a PHC string of argon2id or PBKDF2.')

      const providers = { 'password-hashing': { providers: { argon2: { order: 300 }, bcrypt: { order: 0 } } } }
      const answer = { status: 200, contentType: 'application/json', body: JSON.stringify({ providers }) }
      day.keycloakCalls.meddler = (line) => (line === 'GET /admin/serverinfo' ? answer : undefined)
      // what a kitter knows of Keycloak may be a minute old
      const other = new ImportsApi(await day.kitter())
      expect(verdicts((await other.run(file)).told)).toEqual(['created'])
      const [credential] = await day.realm.admin.users.getCredentials(await account('crypt'))
      expect(JSON.parse(credential?.credentialData ?? '')).toMatchObject({ algorithm: 'bcrypt', hashIterations: 12 })
    },
  )
})
