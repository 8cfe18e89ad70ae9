import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'
import { FakeKitter, problem } from './fake-kitter.fixture.ts'
import { type Ended, KitterCommand, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

const hasScript = spawnSync('script', ['--version']).status === 0

let kitter: TestKitter
let url: string
let folder: ScratchFolder

beforeAll(async () => {
  kitter = await TestKitter.start()
  url = kitter.url
  await kitter.createDomain('acme.example')
  await kitter.createDomain('below.acme.example', 'acme.example')
  await kitter.createDomain('globex.example')
})

afterAll(() => kitter[Symbol.asyncDispose]())

beforeEach(async () => {
  folder = await ScratchFolder.create()
})

afterEach(async () => {
  await folder.remove()
  await removeAll()
})

function run(args: readonly string[], token = kitter.adminToken): Promise<Ended> {
  return runKitter(args, { cwd: folder.path, env: { KITTER_URL: url, KITTER_TOKEN: token } })
}

const textOf = (name: string): Promise<string> => readFile(join(folder.path, name), 'utf8')

async function usersOf(domain: string): Promise<readonly { readonly id: string; readonly username: string }[]> {
  return (await kitter.call('GET', `/users?paginate[max]=1000&domain=${domain}`)).body.users
}

async function removeAll(): Promise<void> {
  const { users } = (await kitter.call('GET', '/users?paginate[max]=1000')).body as {
    users: Awaited<ReturnType<typeof usersOf>>
  }
  for (const { id } of users) await kitter.call('DELETE', `/users/${id}`)
}

/** Users of a domain that nothing else knows. */
async function addCrowd(database: pg.Client, domain: string, size: number): Promise<void> {
  await database.query(
    `INSERT INTO kitter.users (id, username, domain, login_name, email_verified, enabled, attributes, communications_id)
     SELECT gen_random_uuid(), name, $1, name || '@' || $1, false, true, '{}', n
     FROM (SELECT n, 'crowd-' || n AS name FROM generate_series(1, $2::int) n) AS crowd`,
    [domain, size],
  )
}

/** All that a file of users could get wrong. */
const awkward = [
  { username: 'plain' },
  {
    username: "o'brien+x",
    email: 'O.Brien@Example.com',
    first_name: ' Leading',
    last_name: 'Doe, "JD"; Ávila',
    enabled: false,
    email_verified: true,
    attributes: { phone_number: '+34 612 345 678 ', colour: 'red', empty: '', none: [] },
  },
  {
    username: 'formula',
    first_name: '=1+1',
    last_name: '@SUM(A1)',
    attributes: { phone_number: '-5', f: "=cmd|' /C'!A1" },
  },
  {
    username: 'quotes',
    first_name: '"',
    last_name: '"quoted"',
    attributes: {
      phone_number: '""',
      '=a.b,"c" d': ['1', ' 2 ', '"3"', 'a\nb\r\nc\rd', '\tx', ''],
      list: '["1","2"]',
      one: ['["1"]'],
    },
  },
  { username: '李小龍', first_name: '\ufeff李', last_name: '🐉 ', attributes: { reason: 'r', line: '7', 'a=b': '{}' } },
]

async function createAwkward(domain: string): Promise<void> {
  for (const { username, ...user } of awkward)
    await kitter.createUser(username, { ...user, attributes: { ...user.attributes, domain } })
}

describe('kitter export', () => {
  it.each(['people.csv', 'people.ndjson', 'people.csv.gz'])(
    'writes what kitter import takes back: %s',
    async (file) => {
      await createAwkward('acme.example')
      const before = await usersOf('acme.example')
      const told = `5 users of ${url} exported to `
      const exported = await run(['export', file, '--domain', 'acme.example'])
      expect(exported).toEqual({ code: 0, stdout: `${told}${file}.\n`, stderr: '' })
      expect(await folder.mode(file)).toBe(0o600)

      await removeAll()
      expect(await run(['import', file])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}5 created$/m) })
      const named = ({ id: _, ...user }: { readonly id: string }): object => user
      expect((await usersOf('acme.example')).map(named)).toEqual(before.map(named))
      await run(['export', `again-${file}`, '--domain', 'acme.example'])
      const linesOf = async (name: string): Promise<readonly string[]> => {
        const content = await readFile(join(folder.path, name))
        return (name.endsWith('.gz') ? gunzipSync(content) : content).toString().split('\n').sort()
      }
      expect(await linesOf(`again-${file}`)).toEqual(await linesOf(file))
    },
  )

  it('writes CSV as it is, or NDJSON, to the standard output', async () => {
    await kitter.createUser('ann', {
      first_name: '=1+1',
      attributes: { domain: 'acme.example', phone_number: '+34 6', team: ['a', 'b'] },
      credentials: { password: 'correct horse' },
    })
    const only = ['--domain', 'acme.example']
    expect(await run(['export', ...only])).toEqual({
      code: 0,
      stdout:
        'username,domain,email,first_name,last_name,phone_number,enabled,email_verified,attributes\n' +
        'ann,acme.example,,=1+1,,+34 6,true,false,"{""team"":[""a"",""b""]}"\n',
      stderr: '',
    })
    const { stdout } = await run(['export', '--format', 'ndjson', ...only])
    expect(stdout.endsWith('\n')).toBe(true)
    expect(JSON.parse(stdout)).toEqual({
      ...{ username: 'ann', first_name: '=1+1', enabled: true, email_verified: false },
      attributes: { domain: 'acme.example', phone_number: '+34 6', team: ['a', 'b'] },
    })
  })

  it('leaves out whom no import would take, and says so', async () => {
    const letters = Array.from({ length: 1000 }, (_, index) => String.fromCharCode(97 + (index % 26)))
    const many = Object.fromEntries(Array.from({ length: 180 }, (_, index) => [`k${index}`, letters]))
    await kitter.createUser('ann', { attributes: { domain: 'acme.example' } })
    await kitter.createUser('wide', { attributes: { domain: 'acme.example', ...many } })
    const sentence =
      'kitter: 1 user is left out, for no import takes lines of more than 1 MiB: wide (acme.example). ' +
      'With --format ndjson they are short enough.\n'
    expect(await run(['export', 'people.csv'])).toEqual({
      code: 1,
      stdout: `1 user of ${url} exported to people.csv.\n`,
      stderr: sentence,
    })
    expect((await folder.rows('people.csv')).map(([name]) => name)).toEqual(['username', 'ann'])
    expect(await run(['export', 'people.ndjson'])).toMatchObject({ code: 0, stderr: '' })
    await removeAll()
    expect(await run(['import', 'people.ndjson'])).toMatchObject({ code: 0 })
    expect((await usersOf('acme.example')).map(({ username }) => username).sort()).toEqual(['ann', 'wide'])
  })

  it('writes very many, page by page, each once', async () => {
    await kitter.createDomain('crowded.example')
    const database = new pg.Client({ connectionString: kitter.databaseUrl })
    await database.connect()
    await addCrowd(database, 'crowded.example', 1203)
    const ended = await run(['export', 'out.csv', '--domain', 'crowded.example'])
    await database.query(`DELETE FROM kitter.users WHERE domain = 'crowded.example'`)
    await database.end()
    expect(ended).toMatchObject({ code: 0 })
    const names = (await folder.rows('out.csv')).slice(1).map(([name]) => name)
    const expected = Array.from({ length: 1203 }, (_, index) => `crowd-${index + 1}`)
    expect(names.sort()).toEqual(expected.sort())
  })

  it('writes whom a domain admin may see, and no others', async () => {
    await createAwkward('globex.example')
    await kitter.createUser('ann', { attributes: { domain: 'acme.example' } })
    await kitter.createUser('ben', { attributes: { domain: 'below.acme.example' } })
    const token = await kitter.token('kitter-domain-admin', 'acme.example')
    const { code, stdout } = await run(['export', '--format', 'ndjson'], token)
    const names = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).username]))
    expect({ code, names }).toEqual({ code: 0, names: ['ann', 'ben'] })
    expect(await run(['export', '--format', 'ndjson', '--domain', 'globex.example'], token)).toMatchObject({
      stdout: '',
    })
  })

  it('writes whom the filters leave', async () => {
    const doe = { last_name: 'Doe', attributes: { domain: 'acme.example', team: 'A' } }
    await kitter.createUser('jane', doe)
    await kitter.createUser('joe', { ...doe, attributes: { ...doe.attributes, team: 'B' } })
    await kitter.createUser('max', { last_name: 'Doering', attributes: { domain: 'acme.example' } })
    const namesBy = async (...filters: readonly string[]): Promise<string[]> => {
      const { stdout } = await run(['export', ...filters])
      return stdout
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(',')[0] ?? '')
    }
    expect(await namesBy('--starts-with', 'last_name=doe', '--contains', 'username=j')).toEqual(['jane', 'joe'])
    expect(await namesBy('--equals', 'attributes.team=B', '--domain', 'acme.example')).toEqual(['joe'])
    expect(await namesBy('--search', 'doering max')).toEqual(['max'])
    const unknown = await run(['export', '--equals', 'shoe=44'])
    expect(unknown).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^kitter: .*equals\[shoe\].*\n$/),
    })
  })

  it('replaces no file unasked, and nothing but a file', async () => {
    await folder.write('people.csv', 'mine')
    const sentence = 'kitter: people.csv is there already: --force replaces it.\n'
    expect(await run(['export', 'people.csv'])).toEqual({ code: 2, stdout: '', stderr: sentence })
    expect(await textOf('people.csv')).toBe('mine')
    expect(await run(['export', 'people.csv', '--force', '--domain', 'acme.example'])).toMatchObject({ code: 0 })
    expect(await textOf('people.csv')).toMatch(/^username,domain,/)
    expect(await folder.mode('people.csv')).toBe(0o600)

    await mkdir(join(folder.path, 'folder'))
    await symlink('people.csv', join(folder.path, 'link.csv'))
    for (const [path, why] of [
      ['folder', 'it is a folder'],
      ['link.csv', 'what is there is not a plain file'],
      ['nowhere/people.csv', 'there is no such file'],
    ])
      expect(await run(['export', path!, '--force'])).toMatchObject({
        code: 2,
        stderr: `kitter: ${path} can't be written: ${why}.\n`,
      })
    expect((await readdir(folder.path)).sort()).toEqual(['folder', 'link.csv', 'people.csv'])
  })
})

describe('an export that ends early', () => {
  let fake: FakeKitter
  let pages: number

  beforeEach(async () => {
    fake = await FakeKitter.start()
    pages = Infinity
    let asked = 0
    fake.before = ({ path }) => {
      if (!path.startsWith('/users/search?')) return undefined
      asked++
      if (asked > pages) return problem(500, 'internal', 'Something went wrong.')
      const user = { enabled: true, email_verified: false, attributes: { domain: 'quobis' } }
      const users = Array.from({ length: 500 }, (_, index) => ({ ...user, username: `user${asked}-${index}` }))
      return { status: 200, body: { users, total: 1_000_000, total_is_estimate: true, next: `mark${asked}` } }
    }
  })

  afterEach(() => fake.close())

  const environment = () => ({ KITTER_URL: fake.url, KITTER_TOKEN: fake.token })

  it('by a failure leaves no file', async () => {
    pages = 3
    const ended = await runKitter(['export', 'people.csv'], { cwd: folder.path, env: environment() })
    expect(ended).toEqual({ code: 2, stdout: '', stderr: 'kitter: Something went wrong.\n' })
    expect(await readdir(folder.path)).toEqual([])
  })

  it('by a service that goes away waits for it', async () => {
    const usual = fake.before
    let isAway = true
    fake.before = (request) => {
      if (!request.path.includes('after=mark2')) return usual(request)
      if (!isAway) return { status: 200, body: { users: [], total: 1000 } }
      isAway = false
      return 'drop'
    }
    const ended = await runKitter(['export', 'people.csv'], { cwd: folder.path, env: environment() })
    expect(ended).toMatchObject({ code: 0, stderr: 'Waiting: the service breaks off connections.\n' })
    expect(await folder.rows('people.csv')).toHaveLength(1001)
  })

  it('by a signal leaves no file', async () => {
    const command = new KitterCommand(['export', 'people.csv'], { cwd: folder.path, env: environment() })
    await expect.poll(() => fake.requests.length, { timeout: 20_000 }).toBeGreaterThan(5)
    command.child.kill('SIGINT')
    expect(await command.ended()).toEqual({ code: 130, stdout: '', stderr: '' })
    expect(await readdir(folder.path)).toEqual([])
  })

  it('by a reader who has enough ends without a word', async () => {
    const command = new KitterCommand(['export'], { cwd: folder.path, env: environment() })
    await command.shows('stdout', /^user3-/m)
    command.child.stdout?.destroy()
    expect(await command.ended()).toMatchObject({ code: 141, stderr: '' })
  })

  it.skipIf(!hasScript)('shows on a terminal how far it was', async () => {
    pages = 3
    const command = new KitterCommand(['export', 'people.csv'], {
      cwd: folder.path,
      env: environment(),
      terminal: true,
    })
    const { code, stdout } = await command.ended()
    expect(code).toBe(2)
    expect(stdout).toMatch(/\[-{20}\] 0% {2}Exporting: 1500 of 1000000 users/)
    expect(stdout).toMatch(/\x1b\[2Kkitter: Something went wrong\.\r\n$/)
  })
})
