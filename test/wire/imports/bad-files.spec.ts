import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { csv, type File, ImportsApi, verdicts } from './imports-api.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let imports: ImportsApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  look = resources.use(await DatabaseLook.into(kitter))
  imports = new ImportsApi(kitter)
  await kitter.createDomain('home.example')
})
afterAll(() => resources.disposeAsync())

const invalid = ['refused', 'request.invalid'].join(' ')
const packed = { headers: { 'content-encoding': 'gzip' } }
const ndjson = { type: 'application/x-ndjson' }

function importsThere(): Promise<number> {
  return look.count('kitter.imports')
}

describe('A file that is refused as a whole', () => {
  let before: number
  beforeAll(async () => (before = await importsThere()))
  afterEach(async () => {
    expect(await importsThere()).toBe(before)
    expect(await look.rows('SELECT FROM kitter.import_chunks')).toEqual([])
  })

  const files: readonly (readonly [what: string, file: File, problem: string])[] = [
    ['is empty', '', 'is empty: its first line must name the columns'],
    ['has blank lines only', '\n\r\n  \n', 'is empty: its first line must name the columns'],
    ['lacks a column', csv('username,email', 'a,b@c.example'), 'has no column "domain"'],
    ['lacks all columns', csv('a1,home.example'), 'has the unknown column "a1"'],
    ['has a column twice', csv('username,domain,email,email', 'a,b,c,d'), 'has the column "email" twice'],
    ['has an unknown column', csv('username,domain,shoe_size', 'a,b,c'), 'has the unknown column "shoe_size"'],
    ['has a column without a name', csv('username,,domain', 'a,b,c'), 'has no name for column 2'],
    ['is separated by semicolons', csv('username;domain', 'a;b'), 'separated by semicolons'],
    ['is separated by tabs', csv('username\tdomain', 'a\tb'), 'separated by tabs'],
    [
      'has Latin-1 in its header',
      Buffer.from('username,domain,pr\xe9nom\n', 'latin1'),
      "first line that can't be read",
    ],
    ['has an open quote in its header', csv('username,"domain', 'a,b'), "first line that can't be read"],
    ['is UTF-16', Buffer.from('\ufeffusername,domain\na,b\n', 'utf16le'), "can't be read"],
    ['has a very long line', csv('username,domain', `a,${'b'.repeat(1024 * 1024)}`, 'c,d'), 'line 2'],
    ['has a very long line that never ends', Buffer.alloc(3 * 1024 * 1024, 'a'), 'line 1'],
    ['has a line of 100 MB', Buffer.alloc(100_000_000, 'x,').fill('username,domain\n', 0, 16), 'line 2'],
    ['has a very long header', csv('username,domain,'.repeat(80_000)), 'line 1'],
    ['has control characters in its header', csv('username,domain,a\u001b[2Jb'), 'has the unknown column "a [2Jb"'],
  ]

  it.each(files)('%s', async (_, file, problem) => {
    const { status, body } = await imports.send(file)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'request.invalid' })
    expect(body.fields.map(({ path }: { path: string }) => path)).toContain('file')
    expect(JSON.stringify(body.fields).replaceAll('\\"', '"')).toContain(problem)
  })

  it('is NDJSON and empty', async () => {
    expect((await imports.send('\n', ndjson)).body.fields).toEqual([{ path: 'file', problem: 'is empty' }])
  })

  it('tells all that is wrong with its header at once', async () => {
    const { fields } = (await imports.send(csv('username,shoe,hat,username'))).body
    expect(fields).toHaveLength(4)
  })

  it('lacks a column that the query names', async () => {
    const query = new URLSearchParams({ 'columns[username]': 'Login' }).toString()
    const { body } = await imports.send(csv('username,domain', 'a,b'), { query })
    expect(body.fields).toEqual([{ path: 'file', problem: 'has no column "Login"' }])
  })

  it.each([
    ['columns[shoe]=x', 'columns[shoe]'],
    ['columns[username]=', 'columns[username]'],
    ['columns[username]=a&columns[domain]=a', 'columns[domain]'],
    ['columns[username]=a&columns[username]=b', 'columns[username]'],
    ['columns[__proto__]=a', 'columns[__proto__]'],
    ['on_existing=replace', 'on_existing'],
    ['dry_run=yes', 'dry_run'],
    ['nonsense=1', 'nonsense'],
  ])('is sent with a query that is wrong: %s', async (query, path) => {
    const { status, body } = await imports.send(csv('username,domain', 'a,b'), { query })
    expect([status, body.fields?.[0]?.path]).toEqual([400, path])
  })

  it('is no gzip, or cut', async () => {
    const whole = gzipSync(
      csv('username,domain', ...Array.from({ length: 1000 }, (_, index) => `u${index},home.example`)),
    )
    for (const file of [csv('username,domain', 'a,b'), whole.subarray(0, whole.length / 2), whole.subarray(0, -3)]) {
      const { status, body } = await imports.send(file, packed)
      expect([status, body.fields?.[0]]).toEqual([400, { path: 'file', problem: 'is not packed with gzip, or is cut' }])
    }
  })

  it('is a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024, 'username,domain\n'), { level: 9 })
    expect(bomb.length).toBeLessThan(1024 * 1024)
    expect(await imports.send(bomb, packed)).toMatchObject({ status: 413, body: { code: 'import.too_large' } })
  })

  it.each([
    ['application/json', {}],
    ['text/plain', {}],
    ['', {}],
    ['multipart/form-data; boundary=x', {}],
    ['text/csv; charset=iso-8859-1', {}],
    ['text/csv', { 'content-encoding': 'br' }],
    ['text/csv', { 'content-encoding': 'gzip, gzip' }],
  ])('is of another type: %j %j', async (type, headers) => {
    const answer = await imports.send(csv('username,domain', 'a,b'), { type, headers })
    expect(answer).toMatchObject({ status: 415, body: { code: 'request.media_type' } })
  })

  it('was cut on its way', async () => {
    const { hostname, port } = new URL(kitter.url)
    for (const cutAfter of [20, 700_000]) {
      const socket = connect(Number(port), hostname)
      const head = ['POST /imports HTTP/1.1', 'host: kitter', `authorization: Bearer ${kitter.adminToken}`]
      socket.write([...head, 'content-type: text/csv', 'content-length: 1000000', '', ''].join('\r\n'))
      socket.write('username,domain\n'.padEnd(cutAfter, 'somebody,home.example\n'))
      const chunks = 'SELECT FROM kitter.imports'
      await expect.poll(() => look.rows(chunks), { timeout: 10_000 }).toHaveLength(before + 1)
      if (cutAfter > 300_000) {
        await expect.poll(() => look.rows('SELECT FROM kitter.import_chunks'), { timeout: 10_000 }).not.toEqual([])
      }
      expect((await imports.call('GET', '/imports')).body.total).toBe(before)
      socket.destroy()
      await once(socket, 'close')
      await expect.poll(importsThere, { timeout: 10_000 }).toBe(before)
    }
  })

  it('is not even read of a caller who may not send it', async () => {
    for (const token of [null, await kitter.token('kitter-viewer')]) {
      expect((await imports.send(csv('username,domain', 'a,b'), { token })).status).toBe(token === null ? 401 : 403)
    }
  })
})

it('A file that comes when more wait than kitter has room for is refused', async () => {
  await imports.run(csv('username,domain'))
  const [{ subject } = {}] = await look.rows(`SELECT started_by ->> 'subject' AS subject FROM kitter.imports LIMIT 1`)
  const others: readonly (readonly [gibibytes: number, subject: unknown, limit: string])[] = [
    [5, subject, '4 GiB of yours'],
    [17, 'somebody', '16 GiB'],
  ]
  for (const [gibibytes, sender, limit] of others) {
    const id = randomUUID()
    await look.rows(
      `INSERT INTO kitter.imports (id, format, policy, started_by, counts, lease_until, state, size)
      VALUES ($1, 'csv', '{}', jsonb_build_object('subject', $2::text), '{}', now(), 'paused', $3::bigint * 1024 ^ 3)`,
      id,
      sender,
      gibibytes,
    )
    const { status, body, headers } = await imports.send(csv('username,domain', 'a,home.example'))
    await look.rows('DELETE FROM kitter.imports WHERE id = $1', id)
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'import.crowded', '60'])
    expect(body.error).toBe(`Files with more than ${limit} wait to be imported already. Nothing was changed.`)
  }
})

it('Who may not send a file and sends it slowly is cut off', async () => {
  await using hurried = await TestKitter.start({}, undefined, undefined, { requestSeconds: 0.5 })
  const { hostname, port } = new URL(hurried.url)
  const socket = connect(Number(port), hostname)
  // being cut off amid sending may be a reset
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  let answer = ''
  socket.on('data', (data) => (answer += data.toString()))
  socket.write('POST /imports HTTP/1.1\r\nhost: kitter\r\ncontent-type: text/csv\r\ncontent-length: 1000000\r\n\r\n')
  const drip = setInterval(() => socket.write('x'), 50)
  await closed
  clearInterval(drip)
  expect(answer).toContain('access.token_missing')
})

describe('A file with bad rows', () => {
  it('may have a header only', async () => {
    expect((await imports.run(csv('username,domain'))).rows).toMatchObject({ read: 0 })
    expect((await imports.run('username,domain')).rows).toMatchObject({ read: 0 })
  })

  it('may have a byte order mark and mixed line ends', async () => {
    const file =
      '\ufeffusername,domain,first_name\r\nmix1,home.example,A\n\nmix2,home.example,"B\r\nB"\r\nmix3,home.example,'
    const { told } = await imports.run(file)
    expect(told.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'created'],
      [4, 'refused'],
      [5, 'refused'],
      [6, 'created'],
    ])
    expect(told[1]?.sentence).toBe('A quote is opened and not closed.')
  })

  it('has a quote that a later row closes, and loses no row between', async () => {
    const { told } = await imports.run(
      csv(
        'username,domain,password',
        'sw1,home.example,"Tr4gic horse',
        'sw2,home.example,correct horse',
        'sw3,home.example,19 inch"',
        'sw4,home.example,correct horse',
      ),
    )
    expect(told.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'refused'],
      [3, 'created'],
      [4, 'refused'],
      [5, 'created'],
    ])
    const { rows } = await imports.run(csv('username,domain,attributes.note', 'noted,home.example,"two', 'lines"'))
    expect(rows).toMatchObject({ read: 1, created: 1 })
  })

  it('has long names, and is told of them in short', async () => {
    const long = 'x'.repeat(500_000)
    const file = [`{"username":"a","${long}":1,"attributes":{"domain":"home.example","${long}":[1]}}`]
    const { told } = await imports.run(csv(...file), ndjson)
    expect(verdicts(told)).toEqual([invalid])
    expect(told[0]?.sentence).toContain('is not known here')
    expect(told[0]?.sentence?.length).toBeLessThan(1100)
  })

  it('has these refused, each with its reason, and all others done', async () => {
    const rows: readonly (readonly [row: string | Buffer, verdict: string, sentence?: string])[] = [
      ['good1,home.example,,', 'created'],
      [Buffer.from('caf\xe9,home.example,,', 'latin1'), invalid, 'The row holds bytes that are not UTF-8.'],
      ['many,home.example,,,', invalid, 'The row has 5 cells where the first line has 4.'],
      ['few,home.example', invalid, 'The row has 2 cells where the first line has 4.'],
      ['"open,home.example,,', invalid, 'A quote is opened and not closed.'],
      ['good2,home.example,,', 'created'],
      [
        '"b"c,home.example,,',
        invalid,
        'A quote that closes a cell must stand at its end; a quote inside a quoted cell is written twice.',
      ],
      [',home.example,,', invalid, 'The row is not valid: username is missing.'],
      ['lost,,,', invalid, 'The row is not valid: domain is missing.'],
      ['a\u0007b,home.example,,', invalid, 'The row is not valid: username must not contain control characters.'],
      ['nul,home.example,a\u0000b@c.example,', invalid],
      [
        'maybe,home.example,,perhaps',
        invalid,
        'The row is not valid: enabled must be true or false, yes or no, 1 or 0.',
      ],
      ['stranger,nowhere.example,,', invalid, 'The row is not valid: domain names an unknown domain.'],
      ['mail,home.example,nobody,', invalid, 'The row is not valid: email must be an email address.'],
      ['GOOD1,home.example,,', 'skipped'],
      [
        `${'x'.repeat(256)},home.example,,`,
        invalid,
        'The row is not valid: username must have at most 255 characters.',
      ],
      ['good3,home.example,,', 'created'],
    ]
    const file = Buffer.concat(
      ['username,domain,email,enabled', ...rows.map(([row]) => row)].flatMap((row) => [
        Buffer.from(row),
        Buffer.from('\n'),
      ]),
    )
    const { told } = await imports.run(file)
    expect(verdicts(told)).toEqual(rows.map(([, verdict]) => verdict))
    for (const [index, [, , sentence]] of rows.entries()) {
      if (sentence !== undefined) expect(told[index]?.sentence).toBe(sentence)
    }
    expect(told.map(({ line }) => line)).toEqual(rows.map((_, index) => index + 2))
  })

  it('is NDJSON', async () => {
    const rows: readonly (readonly [row: string | Buffer, verdict: string, sentence?: string])[] = [
      ['{"username":"json1","attributes":{"domain":"home.example"}}', 'created'],
      ['{"username":', invalid, 'The row is not JSON.'],
      ['[]', invalid, 'The row must be a JSON object.'],
      ['"x"', invalid, 'The row must be a JSON object.'],
      ['{}', invalid, 'The row is not valid: username is required.'],
      [Buffer.from('{"username":"caf\xe9"}', 'latin1'), invalid, 'The row holds bytes that are not UTF-8.'],
      ['{"username":"x","__proto__":{"enabled":false}}', invalid, 'The row is not valid: __proto__ is not known here.'],
      ['{"username":"x","shoe":1}', invalid, 'The row is not valid: shoe is not known here.'],
      ['{"username":"x","credentials":{"password":"a","password_hash":"b"}}', invalid],
      ['{"username":"x","credentials":"secret"}', invalid, 'The row is not valid: credentials must be an object.'],
      [
        '{"username":"x","attributes":{"domain":"nowhere.example"}}',
        invalid,
        'The row is not valid: attributes.domain names an unknown domain.',
      ],
      [`{"username":"x","attributes":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`, invalid],
      ['{"username":"json2","attributes":{"domain":"home.example"}}', 'created'],
    ]
    const file = Buffer.concat(rows.flatMap(([row]) => [Buffer.from(row), Buffer.from('\n')]))
    const { told } = await imports.run(file, ndjson)
    expect(verdicts(told)).toEqual(rows.map(([, verdict]) => verdict))
    for (const [index, [, , sentence]] of rows.entries()) {
      if (sentence !== undefined) expect(told[index]?.sentence).toBe(sentence)
    }
  })
})
