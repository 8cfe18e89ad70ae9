import { pbkdf2Sync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { csv, ImportsApi, verdicts } from './imports-api.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let imports: ImportsApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  look = resources.use(await DatabaseLook.into(kitter))
  imports = new ImportsApi(kitter)
  await kitter.createDomain('home.example')
  await kitter.createDomain('below.home.example', 'home.example')
  await kitter.createDomain('other.example')
})
afterAll(() => resources.disposeAsync())

const header = 'username,domain,email,first_name'

async function userOf(username: string, domain = 'home.example') {
  return (await kitter.call('GET', `/users/${domain}/${username}`)).body
}

describe('An import', () => {
  it('creates the users of a CSV file', async () => {
    const { rows, bytes, told } = await imports.run(
      csv(
        'username,domain,email,first_name,last_name,phone_number,enabled,email_verified,password,temporary,attributes.team,attributes.tags',
        'Ann,home.example,ann@mail.example,Ann,"O\'Connor, Jr.",+34 612 345 678,yes,1,correct horse,no,Support,"[""a"",""b""]"',
        'ben,home.example,,,,,0,,,,,',
      ),
    )
    expect(rows).toEqual({ read: 2, created: 2, updated: 0, skipped: 0, refused: 0, unsettled: 0 })
    expect(bytes.read).toBe(bytes.total)
    expect(told).toEqual([
      { row: 1, line: 2, outcome: 'created', username: 'Ann' },
      { row: 2, line: 3, outcome: 'created', username: 'ben' },
    ])
    expect(await userOf('ann')).toMatchObject({
      username: 'ann',
      email: 'ann@mail.example',
      enabled: true,
      first_name: 'Ann',
      last_name: "O'Connor, Jr.",
      email_verified: true,
      attributes: { domain: 'home.example', phone_number: '+34 612 345 678', team: 'Support', tags: ['a', 'b'] },
    })
    expect(await userOf('ben')).toMatchObject({ enabled: false, email_verified: false })
    expect(await kitter.logIn('ann', 'correct horse')).toHaveProperty('access_token')
  })

  it('creates the users of an NDJSON file', async () => {
    const documents = [
      { username: 'nina', email: 'nina@mail.example', attributes: { domain: 'home.example', tags: ['x', 'y'] } },
      { user: { username: 'nils', first_name: null, credentials: { password: 'correct horse' } } },
      { username: 'noah', sip_mapping: { username: '205', password: 'sip' }, attributes: { domain: 'home.example' } },
    ]
    const file = documents.map((document) => JSON.stringify(document)).join('\r\n')
    const { rows } = await imports.run(file, { type: 'application/x-ndjson; charset=utf-8' })
    expect(rows).toMatchObject({ read: 3, created: 3 })
    expect(await userOf('nina')).toMatchObject({ attributes: { tags: ['x', 'y'] } })
    expect(await userOf('nils', 'quobis')).toMatchObject({ username: 'nils' })
  })

  it('takes files that are packed', async () => {
    const file = gzipSync(csv('username,domain', 'packed,home.example'))
    const { rows, bytes } = await imports.run(file, { headers: { 'content-encoding': 'gzip' } })
    expect(rows).toMatchObject({ created: 1 })
    expect(bytes.total).toBe(csv('username,domain', 'packed,home.example').length)
  })

  it("takes the file's own names for columns", async () => {
    const query = new URLSearchParams({
      'columns[username]': 'Login',
      'columns[domain]': 'Realm',
      'columns[attributes.team]': 'Dep. "X"',
    })
    const file = csv('Login,username,Realm,"Dep. ""X""",first_name', 'mapped,ignored,home.example,Sales,Max')
    const { rows } = await imports.run(file, { query: query.toString() })
    expect(rows).toMatchObject({ created: 1 })
    expect(await userOf('mapped')).toMatchObject({ first_name: 'Max', attributes: { team: 'Sales' } })
  })

  it('lets in who has a ready hash of the password', async () => {
    const salt = Buffer.from('salt of sixteen!')
    const argon2 = await hash('argon2 secret', { memoryCost: 7168, timeCost: 5, parallelism: 1 })
    const derived = pbkdf2Sync('pbkdf2 secret', salt, 27_500, 64, 'sha512')
    const bare = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const phc = `$pbkdf2-sha512$i=27500,l=64$${bare(salt)}$${bare(derived)}`
    const passlib = `$pbkdf2-sha256$29000$${bare(salt)}$${bare(pbkdf2Sync('passlib secret', salt, 29_000, 32, 'sha256')).replaceAll('+', '.')}`
    const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'
    const secrets = [argon2, phc, passlib, bcrypt, 'plain', '$pbkdf2-sha512$i=999999999$c2FsdHNhbHQ$aGFzaA']
    const { told } = await imports.run(
      csv(
        'username,domain,password_hash',
        ...secrets.map((secret, index) => `hashed${index},home.example,"${secret}"`),
      ),
    )
    expect(verdicts(told)).toEqual(['created', 'created', 'created', ...Array(3).fill('refused request.invalid')])
    expect(told[3]?.sentence).toBe('The row is not valid: password_hash must be a PHC string of argon2id or PBKDF2.')
    expect(await kitter.logIn('hashed0', 'argon2 secret')).toHaveProperty('access_token')
    expect(await kitter.logIn('hashed1', 'pbkdf2 secret')).toHaveProperty('access_token')
    expect(await kitter.logIn('hashed2', 'passlib secret')).toHaveProperty('access_token')
    await expect(kitter.logIn('hashed1', 'argon2 secret')).resolves.not.toHaveProperty('access_token')
  })

  it('creates missing domains where it may', async () => {
    const file = csv('username,domain', 'new1,New.Example', 'new2,new.example', 'bad,no such domain')
    expect(verdicts((await imports.run(file)).told)).toEqual(Array(3).fill('refused request.invalid'))
    const { told, domains_created: created } = await imports.run(file, { query: 'create_domains=true' })
    expect(verdicts(told)).toEqual(['created', 'created', 'refused request.invalid'])
    expect(created).toBe(1)
    expect((await kitter.call('GET', '/domains?name=new.example')).body.domains[0]).toMatchObject({ parent: 'quobis' })
  })

  it('of two rows with one name creates the first', async () => {
    const { told } = await imports.run(
      csv(
        header,
        'twice,home.example,,First',
        'TWICE,home.example,,Second',
        'other,home.example,a@b.example,',
        'third,home.example,A@b.example,',
      ),
      { query: 'on_existing=fail' },
    )
    expect(verdicts(told)).toEqual(['created', 'refused user.name_taken', 'created', 'refused user.email_taken'])
    expect(await userOf('twice')).toMatchObject({ first_name: 'First' })
  })

  it('tells the audit trail who created whom', async () => {
    await imports.run(csv('username,domain', 'audited,home.example'))
    const { id } = await userOf('audited')
    const { entries } = (await kitter.call('GET', `/audit?subject=${id}`)).body
    expect(entries).toMatchObject([{ action: 'user.create', outcome: 'done' }])
    const started = (await kitter.call('GET', '/audit')).body.entries
    expect(started.map(({ action }: { action: string }) => action)).toContain('import.start')
  })

  it('keeps nothing of the users that it makes but what the audit trail is told', async () => {
    const kept = () => look.count('kitter.operations', `result::text LIKE '%kept@mail.example%'`)
    const file = csv(header, 'kept,home.example,kept@mail.example,Kept')
    await imports.run(file)
    await imports.run(file, { query: 'on_existing=update' })
    expect(await kept()).toBe(0)
    expect(await look.count('kitter.operations', `kind = 'user.create' AND result IS NOT NULL`)).toBe(0)
  })

  it('leaves nothing of its file and no secret anywhere', async () => {
    const secret = 'a secret that nobody may find'
    await imports.run(
      csv('username,domain,password', `secretive,home.example,${secret}`, `bad name,home.example,${secret}`),
    )
    await imports.run(csv('username,domain,password', `rehearsed,home.example,${secret}`, '', ''), {
      query: 'dry_run=true',
    })
    // forgotten right after it's told to be done
    for (const table of ['kitter.import_chunks', 'kitter.import_names'])
      await expect.poll(() => look.count(table), { timeout: 20_000 }).toBe(0)
    const tables = await look.rows(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    )
    for (const name of tables.map((table) => String(table['name']))) {
      expect(await look.count(`${name} AS row`, `row::text LIKE '%that nobody may find%'`), name).toBe(0)
    }
    expect(tables.length).toBeGreaterThan(20)
  })
})

describe('A row whose user is there', () => {
  const file = csv(header, 'there,home.example,,Changed', 'elsewhere,home.example,,Changed')

  beforeAll(async () => {
    const attributes = { domain: 'home.example', phone_number: '1', team: 'A' }
    await kitter.createUser('there', { first_name: 'Before', email: 'there@mail.example', attributes })
    await kitter.createUser('elsewhere', { attributes: { domain: 'other.example' } })
  })

  it('is skipped', async () => {
    const { told, rows } = await imports.run(file)
    expect(verdicts(told)).toEqual(['skipped', 'refused user.name_taken'])
    expect(rows).toMatchObject({ skipped: 1, refused: 1 })
    expect(await userOf('there')).toMatchObject({ first_name: 'Before' })
  })

  it('is refused where that is asked for', async () => {
    const { told } = await imports.run(file, { query: 'on_existing=fail' })
    expect(verdicts(told)).toEqual(['refused user.name_taken', 'refused user.name_taken'])
  })

  it('updates the user where that is asked for, by what it names', async () => {
    const { told, rows } = await imports.run(file, { query: 'on_existing=update' })
    expect(verdicts(told)).toEqual(['updated', 'refused user.name_taken'])
    expect(rows).toMatchObject({ updated: 1 })
    expect(await userOf('there')).toMatchObject({
      first_name: 'Changed',
      email: 'there@mail.example',
      attributes: { phone_number: '1', team: 'A' },
    })
  })

  it('clears by NDJSON what it says is null, and gives nobody another SIP mapping', async () => {
    const documents = [
      { username: 'there', email: null, attributes: { domain: 'home.example', team: null } },
      { username: 'there', attributes: { domain: 'home.example' }, sip_mapping: { username: '7' } },
    ]
    const wish = { query: 'on_existing=update', type: 'application/x-ndjson' }
    const { told } = await imports.run(documents.map((each) => JSON.stringify(each)).join('\n'), wish)
    expect(verdicts(told)).toEqual(['updated', 'refused request.invalid'])
    const user = await userOf('there')
    expect(user).not.toHaveProperty('email')
    expect(user.attributes).toEqual({ domain: 'home.example', phone_number: '1' })
  })
})

describe('A dry run', () => {
  const lines = [
    'username,domain,email,password',
    'dry1,home.example,dry1@mail.example,correct horse',
    'dry1,home.example,,',
    'dry2,home.example,DRY1@mail.example,',
    'dry3,coming.example,,',
    'dry3,coming.example,,',
    'dry3,home.example,,',
    'there,home.example,,',
    'elsewhere,home.example,,',
    'bad name,home.example,,',
    'dry4,no such domain,,',
    'dry5,home.example,none,',
    'there,home.example,dry1@mail.example,',
  ]

  it.each(['skip', 'update', 'fail'])('says what would come of each row, and changes nothing: %s', async (policy) => {
    await using other = await TestKitter.start()
    const all = new ImportsApi(other)
    await using otherLook = await DatabaseLook.into(other)
    await other.createDomain('home.example')
    await other.createDomain('other.example')
    await other.createUser('there', { attributes: { domain: 'home.example' } })
    await other.createUser('elsewhere', { attributes: { domain: 'other.example' } })
    const census = () =>
      otherLook.rows(`SELECT (SELECT json_agg(u) FROM kitter.users u) AS users, (SELECT json_agg(d) FROM kitter.domains d) AS domains,
        (SELECT count(*) FROM kitter.operations) AS operations, (SELECT json_agg(a) FROM sandbox.accounts a) AS accounts`)
    const before = await census()
    const query = `create_domains=true&on_existing=${policy}`
    const rehearsed = await all.run(csv(...lines), { query: `${query}&dry_run=true` })
    expect(await census()).toEqual(before)
    expect(rehearsed.dry_run).toBe(true)
    const real = await all.run(csv(...lines), { query })
    expect(verdicts(rehearsed.told)).toEqual(verdicts(real.told))
    expect(rehearsed.rows).toEqual(real.rows)
    expect(rehearsed.told).toEqual(real.told)
  })

  it('finds domains that only wac-core has', async () => {
    await kitter.createDomain('drifted.example')
    await look.rows(`DELETE FROM kitter.domains WHERE name = 'drifted.example'`)
    const file = csv('username,domain', 'stray,drifted.example')
    const rehearsed = await imports.run(file, { query: 'create_domains=true&dry_run=true' })
    expect(verdicts(rehearsed.told)).toEqual(['refused request.invalid'])
    expect((await imports.run(file, { query: 'create_domains=true' })).told).toEqual(rehearsed.told)
  })

  it('finds names that only the other systems have', async () => {
    await kitter.createUser('drifted', { attributes: { domain: 'home.example' } })
    await look.rows(`DELETE FROM kitter.users WHERE username = 'drifted'`)
    const file = csv('username,domain', 'drifted,home.example')
    const { told } = await imports.run(file, { query: 'dry_run=true' })
    expect(verdicts(told)).toEqual(['refused user.name_taken'])
    expect(verdicts((await imports.run(file)).told)).toEqual(verdicts(told))
  })
})

describe("A domain admin's import", () => {
  it('brings users into its own scope only', async () => {
    const own = new ImportsApi(kitter, await kitter.token('kitter-domain-admin', 'home.example'))
    const file = csv(
      'username,domain',
      'in,home.example',
      'below,below.home.example',
      'out,other.example',
      'new,sub.example',
    )
    expect(verdicts((await own.run(file)).told)).toEqual([
      'created',
      'created',
      'refused request.invalid',
      'refused request.invalid',
    ])
    const rehearsed = await own.run(file, { query: 'create_domains=true&dry_run=true' })
    const { told } = await own.run(file, { query: 'create_domains=true' })
    expect(verdicts(told)).toEqual(['skipped', 'skipped', 'refused request.invalid', 'created'])
    expect(rehearsed.told).toEqual(told)
    expect((await kitter.call('GET', '/domains?name=sub.example')).body.domains[0]).toMatchObject({
      parent: 'home.example',
    })
  })

  it('is seen by itself and by administrators, and sees no others', async () => {
    const token = await kitter.token('kitter-domain-admin', 'home.example')
    const own = new ImportsApi(kitter, token)
    const theirs = await imports.run(csv('username,domain', 'theirs,home.example'))
    const mine = await own.run(csv('username,domain', 'mine,home.example'))
    const listed = (await own.call('GET', '/imports')).body
    expect(listed.imports.map(({ id }: { id: string }) => id)).toContain(mine.id)
    expect(listed.imports.map(({ id }: { id: string }) => id)).not.toContain(theirs.id)
    for (const path of ['', '/rows']) {
      expect((await own.call('GET', `/imports/${theirs.id}${path}`)).body.code).toBe('import.unknown')
    }
    for (const verb of ['cancel', 'resume']) {
      expect((await own.call('POST', `/imports/${theirs.id}/${verb}`)).body.code).toBe('import.unknown')
    }
    expect((await imports.call('GET', '/imports')).body.imports[0]).toMatchObject({ id: mine.id })
  })
})

describe('A paused import', () => {
  it('is cancelled also where its file can be let go of only later', async () => {
    const id = await imports.start(csv('username,domain', 'kept.file,home.example'))
    await imports.ended(id)
    await look.rows(`UPDATE kitter.imports SET state = 'paused' WHERE id = $1`, id)
    await look.rows(`INSERT INTO kitter.import_chunks (import, upto, bytes) VALUES ($1, 1, 'x')`, id)
    await look.rows(`CREATE FUNCTION public.stay() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = '57P01'; END $$`)
    await look.rows(
      'CREATE TRIGGER stay BEFORE DELETE ON kitter.import_chunks FOR EACH ROW EXECUTE FUNCTION public.stay()',
    )
    const { status, body } = await imports.call('POST', `/imports/${id}/cancel`)
    await look.rows('DROP TRIGGER stay ON kitter.import_chunks')
    expect([status, body.import?.state]).toEqual([200, 'cancelled'])
    await look.rows('DELETE FROM kitter.import_chunks WHERE import = $1', id)
  })

  it('is resumed by nobody who may do less than who started it', async () => {
    const token = await kitter.token('kitter-domain-admin', 'home.example')
    const own = new ImportsApi(kitter, token)
    const { id } = await own.run(csv('username,domain'))
    const pause = (domain: string) =>
      look.rows(
        `UPDATE kitter.imports SET state = 'paused', started_by = started_by || jsonb_build_object('domain', $2::text)
        WHERE id = $1`,
        id,
        domain,
      )
    await pause('other.example')
    expect(await own.call('POST', `/imports/${id}/resume`)).toMatchObject({
      status: 403,
      body: { code: 'import.other_role' },
    })
    expect(await imports.call('POST', `/imports/${id}/resume`)).toMatchObject({ status: 200 })
    await imports.ended(id)
    await pause('home.example')
    expect(await own.call('POST', `/imports/${id}/resume`)).toMatchObject({ status: 200 })
  })
})

describe('What came of the rows', () => {
  it('is told page by page, by outcome, and as a file', async () => {
    const bad = Array.from({ length: 5 }, (_, index) => `=bad ${index},home.example`)
    const good = Array.from({ length: 5 }, (_, index) => `rows${index},home.example`)
    const { id } = await imports.run(csv('username,domain', ...good, ...bad))
    const page = (await imports.call('GET', `/imports/${id}/rows?outcome=refused&paginate[max]=2&paginate[page]=1`))
      .body
    expect(page).toMatchObject({ total: 5, rows: [{ row: 8 }, { row: 9 }] })
    const sheet = await imports.call('GET', `/imports/${id}/rows?outcome=refused`, { headers: { accept: 'text/csv' } })
    expect(sheet.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [first, second, ...others] = sheet.text.trimEnd().split('\n')
    expect(first).toBe('row,line,outcome,code,sentence,username')
    expect(second).toMatch(/^6,7,refused,request\.invalid,.*,'=bad 0$/)
    expect(others).toHaveLength(4)
  })
})

describe('Two imports of one file at once', () => {
  it('create each user once', { timeout: 60_000 }, async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `both${index},home.example,both${index}@mail.example,Both`)
    const file = csv(header, ...lines)
    const ids = await Promise.all([imports.start(file), imports.start(file)])
    const ended = await Promise.all(ids.map((id) => imports.ended(id, 50_000)))
    const sum = (what: 'created' | 'skipped' | 'refused') => ended.reduce((total, { rows }) => total + rows[what], 0)
    expect([sum('created'), sum('skipped'), sum('refused')]).toEqual([300, 300, 0])
    expect((await kitter.call('GET', '/users?username=both')).body.total).toBe(300)
  })
})

describe('A key', () => {
  it('starts an import once', async () => {
    const file = csv('username,domain', 'keyed,home.example')
    const headers = { 'idempotency-key': 'import-1' }
    const first = await imports.send(file, { headers })
    const again = await imports.send(file, { headers })
    expect(again).toMatchObject({ status: 202, body: first.body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const other = await imports.send(csv('username,domain', 'somebody.else,home.example'), { headers })
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } })
    const otherQuery = await imports.send(file, { headers, query: 'dry_run=true' })
    expect(otherQuery).toMatchObject({ status: 422 })
  })

  it('is free again after a file that was refused', async () => {
    const headers = { 'idempotency-key': 'import-2' }
    expect(await imports.send('', { headers })).toMatchObject({ status: 400 })
    expect(await imports.send(csv('username,domain'), { headers })).toMatchObject({ status: 202 })
  })
})
