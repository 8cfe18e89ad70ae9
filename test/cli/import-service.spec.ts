import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { stringify } from 'csv-stringify/sync'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'
import { type Ended, KitterCommand, runKitter } from './kitter-command.fixture.ts'
import { peopleCsv } from './people.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

let kitter: TestKitter
let folder: ScratchFolder

beforeAll(async () => {
  kitter = await TestKitter.start()
})

afterAll(() => kitter[Symbol.asyncDispose]())

beforeEach(async () => {
  folder = await ScratchFolder.create()
})

afterEach(() => folder.remove())

const options = (token = kitter.adminToken) => ({
  cwd: folder.path,
  env: { KITTER_URL: kitter.url, KITTER_TOKEN: token },
})
const run = (...args: readonly string[]): Promise<Ended> => runKitter(['import', ...args], options())

/** The numbers of a summary. */
function numbersOf({ stdout }: Pick<Ended, 'stdout'>): readonly number[] {
  return [...stdout.matchAll(/^ +(\d+) (would be |already|created|updated|refused|domain)/gm)].map(([, count]) =>
    Number(count),
  )
}

it('creates people and their domains, and nothing the second time', async () => {
  await folder.write('people.csv', peopleCsv(60))
  const dry = await run('people.csv', '--dry-run', '--create-domains')
  expect(dry.code).toBe(0)
  expect(numbersOf(dry)).toEqual([60, 0, 0, 0])
  expect((await kitter.call('GET', '/users')).body.total).toBe(0)
  const first = await run('people.csv', '--create-domains')
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(numbersOf(first)).toEqual([60, 0, 0, 0, 3])
  expect(numbersOf(await run('people.csv'))).toEqual([0, 0, 60, 0, 0])
  expect(numbersOf(await run('people.csv', '--on-existing', 'fail'))).toEqual([0, 0, 0, 60, 0])
  const { body } = await kitter.call('GET', '/users?username=person2&exact=true')
  expect(body.users[0]).toMatchObject({ email: 'person2@mail.example', attributes: { domain: 'globex.example' } })
})

it('updates who is there, with the names that the file has for columns, packed and from the standard input', async () => {
  await kitter.createUser('jane', { first_name: 'Jane', last_name: 'Doe' })
  const packed = gzipSync('Login;x,domain,Team,first_name\njane,quobis,"[""a"",""b""]",Janet\n')
  const columns = ['--column', 'username=Login;x', '--column', 'attributes.team=Team']
  const ended = await runKitter(['import', '-', '--on-existing', 'update', ...columns], { ...options(), stdin: packed })
  expect(numbersOf(ended)).toEqual([0, 1, 0, 0, 0])
  const { body } = await kitter.call('GET', '/users?username=jane&exact=true')
  expect(body.users[0]).toMatchObject({ first_name: 'Janet', last_name: 'Doe', attributes: { team: ['a', 'b'] } })
})

const broken = Buffer.concat([
  Buffer.from('username,domain,password,last_name\na,quobis,p,"never closed\nb,quobis,,B\nc,quobis,,'),
  Buffer.from([0xff, 0xfe, 0x0a]),
  Buffer.from(
    'd,quobis,,"D" D\ne,quobis,,"E\nE"\nf,quobis,,F,F\ng,quobis,the secret,G\nj oe,quobis,"joe\'s, ""secret""",J',
  ),
])

it('refuses rows with broken quotes or bytes, and no others; they can be mended and imported', async () => {
  await folder.write('people.csv', broken)
  const { code, stdout, stderr } = await run('people.csv')
  expect(code).toBe(1)
  expect(stdout + stderr).not.toContain('secret')
  const [header, ...refused] = await folder.rows('people.refused.csv')
  expect(header).toEqual(['username', 'domain', 'password', 'last_name', 'reason', 'line'])
  expect(refused.map((row) => [row.at(-1), ...row.slice(0, -2)])).toEqual([
    ['2', 'a', 'quobis', 'p', '"never closed'],
    ['4', 'c', 'quobis', '', '\ufffd\ufffd'],
    ['5', 'd', 'quobis', '', '"D" D'],
    ['6', 'e', 'quobis', '', '"E'],
    ['7', 'E"'],
    ['8', 'f', 'quobis', '', 'F', 'F'],
    ['10', 'j oe', 'quobis', 'joe\'s, "secret"', 'J'],
  ])
  expect(await folder.mode('people.refused.csv')).toBe(0o600)
  expect(await kitter.logIn('g', 'the secret')).toHaveProperty('access_token')

  await folder.write(
    'people.refused.csv',
    stringify([header!, ['joe', ...refused[6]!.slice(1)], refused[5]!.toSpliced(4, 1)]),
  )
  expect(numbersOf(await run('people.refused.csv'))).toEqual([2, 0, 0, 0, 0])
  expect(await kitter.logIn('joe', 'joe\'s, "secret"')).toHaveProperty('access_token')
})

it('refuses rows with too many or too few cells again, until they are mended', async () => {
  await folder.write('people.csv', 'username,domain,password\ntoo.many,quobis,Doe, Dave\ntoo.few,quobis\n')
  expect(numbersOf(await run('people.csv'))).toEqual([0, 0, 0, 2, 0])
  expect(numbersOf(await run('people.refused.csv'))).toEqual([0, 0, 0, 2, 0])
  const [header = [], many = [], few = []] = await folder.rows('people.refused.csv')
  const mended = [
    header,
    ['too.many', 'quobis', 'Doe, Dave', ...many.slice(-2)],
    ['too.few', 'quobis', '', ...few.slice(-2)],
  ]
  await folder.write('people.refused.csv', stringify(mended))
  expect(numbersOf(await run('people.refused.csv'))).toEqual([2, 0, 0, 0, 0])
  expect(await kitter.logIn('too.many', 'Doe, Dave')).toHaveProperty('access_token')
})

it('mends rows of NDJSON likewise', async () => {
  await folder.write('p.ndjson', '{"username":"nd 1","attributes":{"domain":"quobis"}}\n{"user":{"username":"nd 2"}}\n')
  expect(await run('p.ndjson')).toMatchObject({ code: 1 })
  const refused = await readFile(join(folder.path, 'p.refused.ndjson'), 'utf8')
  await folder.write('p.refused.ndjson', refused.replaceAll('nd ', 'nd'))
  expect(numbersOf(await run('p.refused.ndjson'))).toEqual([2, 0, 0, 0, 0])
})

it('says all that is wrong with a file, also with a large one, and imports nothing', async () => {
  await folder.write('people.csv', `login,domain,email,email\n${'x,y,z,z\n'.repeat(3_000_000)}`)
  const ended = await run('people.csv', '--column', 'shoe=size')
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/^kitter: --column shoe is no column of users: known are [^\n]+\.\n$/)
  const without = await run('people.csv', '--column', 'first_name=nick')
  expect(without.stderr.split('; ').slice(0, 3)).toEqual([
    'kitter: people.csv has the unknown column "login"',
    'people.csv has the column "email" twice',
    'people.csv has no column "nick"',
  ])
  await folder.write('empty.csv', '')
  const empty = 'kitter: empty.csv is empty: its first line must name the columns.\n'
  expect(await run('empty.csv')).toEqual({ code: 2, stdout: '', stderr: empty })
  await folder.write('bad.csv.gz', 'username,domain\n')
  expect(await run('bad.csv.gz')).toMatchObject({ stderr: 'kitter: bad.csv.gz is not packed with gzip, or is cut.\n' })
})

it('is cancelled, or followed from elsewhere, while it is under way', { timeout: 60_000 }, async () => {
  const database = new pg.Client({ connectionString: kitter.databaseUrl })
  await database.connect()
  await database.query('BEGIN; LOCK TABLE sandbox.accounts IN ACCESS EXCLUSIVE MODE')
  await folder.write('people.csv', 'username,domain\nlate1,quobis\n')
  const { stdout } = await run('people.csv', '--detach')
  const id = /--follow ([\da-f-]{36}) people\.csv\n$/.exec(stdout)?.[1] ?? ''
  const follower = new KitterCommand(['import', 'people.csv', '--follow', id], options())
  const starter = new KitterCommand(['import', 'people.csv'], options())
  const states = async (): Promise<string[]> =>
    (await kitter.call('GET', '/imports?paginate[max]=2')).body.imports.map(({ state }: { state: string }) => state)
  await expect.poll(states, { timeout: 20_000 }).toEqual(['running', 'running'])
  await starter.shows('stderr', /^0 rows/m)
  starter.child.kill('SIGINT')
  expect(await starter.ended()).toMatchObject({
    code: 130,
    stdout: expect.stringContaining('The import was cancelled'),
  })
  expect(await states()).toEqual(['cancelled', 'running'])
  await database.query('ROLLBACK')
  await database.end()
  const ended = await follower.ended()
  expect(ended.code).toBe(0)
  expect(numbersOf(ended)).toEqual([1, 0, 0, 0, 0])
})

it('brings a domain admin into their own domain only', async () => {
  await kitter.createDomain('admins.example')
  const token = await kitter.token('kitter-domain-admin', 'admins.example')
  await folder.write('people.csv', 'username,domain\nmine,admins.example\nnot.mine,quobis\n')
  const ended = await runKitter(['import', 'people.csv'], options(token))
  expect(ended.code).toBe(1)
  expect(numbersOf(ended)).toEqual([1, 0, 0, 1, 0])
})
