import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'

const patience = { timeout: 10_000, interval: 20 }
const secrets = { password: 'correct horse battery staple', sip: 'sip-s3cret-word' }

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let look: DatabaseLook
let domainAdmin: string
let viewer: string

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  look = resources.use(await DatabaseLook.into(kitter))
  await kitter.createDomain('home.example')
  domainAdmin = await kitter.token('kitter-domain-admin', 'home.example')
  viewer = await kitter.token('kitter-viewer')
})
afterAll(() => resources.disposeAsync())

const ask = (path: string, token = kitter.adminToken): Promise<Answer> => kitter.call('GET', path, { token })
const retry = (id: string, token = kitter.adminToken): Promise<Answer> =>
  kitter.call('POST', `/operations/${id}/retry`, { token })

const subjectOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub

/** An operation that was left before it had begun. */
async function left(state: 'open' | 'settling' | 'stuck', token = kitter.adminToken, into = look): Promise<string> {
  const id = randomUUID()
  await into.rows(
    `INSERT INTO kitter.operations (id, kind, subject, actor, actor_name, state, tries, reason, lease_until)
    VALUES ($1, 'user.create', 'somebody', $2, 'who asked', $3, 20, 'service.unavailable: Gone.', now() + interval '1 hour')`,
    id,
    subjectOf(token),
    state,
  )
  return id
}

async function latestOn(subject: string, token?: string) {
  return (await ask(`/operations?subject=${subject}`, token)).body.operations[0]
}

describe('An operation', () => {
  it('tells its steps, its times and who asked, and not what it is about', async () => {
    const user = await kitter.createUser('anna', {
      ...{ email: 'anna@example.com', first_name: 'Hannelore', credentials: { password: secrets.password } },
      sip_mapping: { username: '205', password: secrets.sip },
    })
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const step = (name: string) => ({ name, state: 'done', tries: 1, begun_at: time, ended_at: time })
    const listed = await ask(`/operations?subject=${user.id}`)
    expect(listed).toMatchObject({ status: 200, body: { total: 1 } })
    const [operation] = listed.body.operations
    expect(operation).toEqual({
      ...{ id: expect.any(String), kind: 'user.create', subject: user.id, state: 'done', tries: 0 },
      ...{ started_at: time, ended_at: time },
      actor: { id: subjectOf(kitter.adminToken), name: 'kitter-admin' },
      steps: ['wac-core: create user', 'wac-core: create SIP mapping', 'keycloak: create account'].map(step),
    })
    expect((await ask(`/operations/${operation.id}`)).body).toEqual({ operation })
    expect(listed.text).not.toMatch(/anna|Hannelore|205|sip-s3cret|correct horse|argon2/)
  })

  it('that was refused tells why', async () => {
    await kitter.createUser('taken')
    await kitter.call('POST', '/users', { body: { user: { username: 'taken' } } })
    const { body } = await ask('/operations?state=undone')
    expect(body.operations[0]).toMatchObject({
      state: 'undone',
      last_error: expect.stringMatching(/^user\.name_taken: /),
      steps: [],
    })
  })

  it('is found by state, subject and time, page by page, newest first', async () => {
    const since = new Date().toISOString()
    const user = await kitter.createUser('paged')
    for (const enabled of [false, true, false]) await kitter.call('PATCH', `/users/${user.id}`, { body: { enabled } })
    const filter = `subject=${user.id}&state=done&since=${encodeURIComponent(since)}`
    const all = (await ask(`/operations?${filter}`)).body
    expect(all.operations.map(({ kind }: { kind: string }) => kind)).toEqual([
      'user.update',
      'user.update',
      'user.update',
      'user.create',
    ])
    const pages = await Promise.all(
      [0, 1, 2].map((page) => ask(`/operations?${filter}&paginate[max]=2&paginate[page]=${page}`)),
    )
    expect(pages.flatMap(({ body }) => body.operations)).toEqual(all.operations)
    expect(pages.map(({ body }) => body.total)).toEqual([4, 4, 4])
    expect((await ask(`/operations?subject=${user.id}&since=2999-01-01`)).body).toEqual({ operations: [], total: 0 })
    expect((await ask(`/operations?subject=${user.id}&state=stuck`)).body).toEqual({ operations: [], total: 0 })
  })
})

describe('Retrying', () => {
  it.each(['stuck', 'settling'] as const)('settles one that is %s at once', async (state) => {
    const id = await left(state)
    const before = (await ask(`/operations/${id}`)).body.operation
    expect(before).toMatchObject({ state, tries: 20, last_error: 'service.unavailable: Gone.' })
    expect(before.next_try_at !== undefined).toBe(state === 'settling')
    const answer = await retry(id)
    expect(answer).toMatchObject({ status: 202, body: { operation: { id, actor: { name: 'who asked' } } } })
    await expect.poll(async () => (await ask(`/operations/${id}`)).body.operation.state, patience).toBe('undone')
  })

  it('leaves one alone whose caller waits for it', async () => {
    const id = await left('open')
    expect(await retry(id)).toMatchObject({ status: 202, body: { operation: { id, state: 'open', tries: 20 } } })
  })

  it('does nothing to one that has ended', async () => {
    for (const username of ['ended', 'ended']) await kitter.call('POST', '/users', { body: { user: { username } } })
    for (const state of ['done', 'undone']) {
      const [{ id }] = (await ask(`/operations?state=${state}`)).body.operations
      expect(await retry(id)).toMatchObject({ status: 409, body: { code: 'operation.settled' } })
      expect((await ask(`/operations/${id}`)).body.operation.state).toBe(state)
    }
  })

  it('knows only what there is', async () => {
    for (const id of [randomUUID(), 'x', '507f1f77bcf86cd799439011', randomUUID().toUpperCase()]) {
      expect(await retry(id)).toMatchObject({ status: 404, body: { code: 'operation.unknown' } })
    }
  })
})

describe('A domain admin', () => {
  it('sees their own operations and nobody else’s, and may retry those', async () => {
    const created = await kitter.call('POST', '/users', { token: domainAdmin, body: { user: { username: 'mine' } } })
    const own = await latestOn(created.body.user.id, domainAdmin)
    expect((await ask(`/operations/${own.id}`, domainAdmin)).body).toEqual({ operation: own })
    // of the same user
    await kitter.call('PATCH', `/users/${created.body.user.id}`, { body: { first_name: 'X' } })
    expect((await ask('/operations', domainAdmin)).body).toEqual({ operations: [own], total: 1 })
    const stuck = await left('stuck', domainAdmin)
    expect((await retry(stuck, domainAdmin)).status).toBe(202)
    const others = await left('stuck')
    for (const answer of [await ask(`/operations/${others}`, domainAdmin), await retry(others, domainAdmin)]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'operation.unknown' } })
    }
    expect((await ask(`/operations/${others}`)).body.operation.state).toBe('stuck')
    expect((await ask('/operations?subject=somebody&state=stuck', domainAdmin)).body.total).toBe(0)
    const retried = async () => (await ask(`/operations/${stuck}`, domainAdmin)).body.operation.state
    await expect.poll(retried, patience).toBe('undone')
  })
})

describe('A viewer', () => {
  it('sees all, and retries nothing', async () => {
    const id = await left('stuck')
    expect((await ask(`/operations/${id}`, viewer)).status).toBe(200)
    expect((await ask('/operations', viewer)).body.total).toBe((await ask('/operations')).body.total)
    expect(await retry(id, viewer)).toMatchObject({ status: 403, body: { code: 'access.forbidden' } })
  })
})

describe('/metrics', () => {
  it('counts what is not settled', async () => {
    const counted = async (state: string): Promise<number> =>
      Number(
        (await ask('/metrics')).text.match(
          new RegExp(`^kitter_operations_unsettled\\{state="${state}"\\} (\\d+)$`, 'm'),
        )?.[1],
      )
    const before = [await counted('open'), await counted('settling'), await counted('stuck')]
    for (const state of ['open', 'stuck', 'stuck'] as const) await left(state)
    const after = [await counted('open'), await counted('settling'), await counted('stuck')]
    expect(after).toEqual([(before[0] ?? 0) + 1, before[1], (before[2] ?? 0) + 2])
  })
})

describe('OPERATIONS_KEPT', () => {
  // in a database of its own: the job is done by any replica, as that was told
  it('is how long an operation stays that has ended', async () => {
    await using short = await TestKitter.start({ OPERATIONS_KEPT: '2 hours' })
    await using shortLook = await DatabaseLook.into(short)
    const { id } = await short.createUser('forgotten')
    const kept = await short.createUser('kept')
    const stuck = await left('stuck', short.adminToken, shortLook)
    const age =
      "UPDATE kitter.operations SET started_at = now() - interval '3 hours', ended_at = ended_at - interval '3 hours' WHERE subject = $1 OR id::text = $1"
    for (const old of [id, stuck]) await shortLook.rows(age, old)
    // the job comes at every start
    await using restarted = await TestKitter.start(
      { OPERATIONS_KEPT: '2 hours', DATABASE_URL: short.databaseUrl },
      short.systems,
    )
    expect(restarted.url).not.toBe(short.url)
    await expect.poll(() => shortLook.count('kitter.operations', 'subject = $1', id), patience).toBe(0)
    expect(await shortLook.count('kitter.operations', 'subject = $1', kept.id)).toBe(1)
    expect(await shortLook.count('kitter.operations', 'id = $1', stuck)).toBe(1)
  })
})
