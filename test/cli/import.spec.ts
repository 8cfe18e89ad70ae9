import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeImports, type FakeRefusal } from './fake-imports.fixture.ts'
import { FakeKitter, problem } from './fake-kitter.fixture.ts'
import { type Ended, KitterCommand, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

const hasScript = spawnSync('script', ['--version']).status === 0
const content = 'username,domain\njane,quobis\n'
const earlierRows = 'username,domain,reason,line\njohn,quobis,no,7\n'

let kitter: FakeKitter
let folder: ScratchFolder
let service: FakeImports

beforeEach(async () => {
  kitter = await FakeKitter.start()
  folder = await ScratchFolder.create()
  service = new FakeImports()
  kitter.before = service.answer
  await folder.write('people.csv', content)
})

afterEach(async () => {
  await kitter.close()
  await folder.remove()
})

const environment = () => ({ KITTER_URL: kitter.url, KITTER_TOKEN: kitter.token })
const run = (...args: readonly string[]): Promise<Ended> =>
  runKitter(['import', ...args], { cwd: folder.path, env: environment() })
const started = (...args: readonly string[]): KitterCommand =>
  new KitterCommand(['import', ...args], { cwd: folder.path, env: environment() })
const followed = () => kitter.answered('GET', service.path)
const untilFollowed = (times = 1) => expect.poll(followed, { timeout: 20_000 }).toBeGreaterThanOrEqual(times)

function refusal(row: number, line: number, others: Readonly<Record<string, unknown>> = {}): FakeRefusal {
  return {
    row,
    line,
    code: 'request.invalid',
    sentence: 'The row is not valid: no.',
    username: `user${row}`,
    ...others,
  }
}

describe('kitter import', () => {
  it('sends the file, and says what came of it', async () => {
    service.rows = { read: 12, created: 7, updated: 2, skipped: 3 }
    service.steps = [{ state: 'running' }, { state: 'running', domains_created: 1 }, { domains_created: 1 }]
    const stdout = [
      `12 rows read from people.csv, for ${kitter.url}:`,
      '   7 created',
      '   2 updated',
      '   3 already there',
      '   0 refused',
      '   1 domain created',
      '',
    ].join('\n')
    expect(await run('people.csv')).toEqual({ code: 0, stdout, stderr: '' })
    expect(service.uploads).toMatchObject([{ content, query: { on_existing: 'skip' } }])
    expect(service.uploads[0]?.headers).toMatchObject({
      'content-type': 'text/csv',
      'content-length': String(content.length),
      'idempotency-key': expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(await folder.has('people.refused.csv')).toBe(false)
  })

  it('says how it is to be imported', async () => {
    const options = ['--dry-run', '--create-domains', '--on-existing', 'update']
    const { stdout } = await run('people.csv', ...options, '--column', 'username=Login', '--column', 'attributes.a=b=c')
    expect(service.uploads[0]?.query).toEqual({
      ...{ dry_run: 'true', create_domains: 'true', on_existing: 'update' },
      ...{ 'columns[username]': 'Login', 'columns[attributes.a]': 'b=c' },
    })
    expect(stdout).toMatch(/^Nothing was changed, for this is a dry run\. 0 rows read/)
    expect(stdout).toMatch(/^ {2}0 would be created$/m)
  })

  it.each([
    ['people.csv', [], 'text/csv'],
    ['people.NDJSON', [], 'application/x-ndjson'],
    ['people.jsonl', [], 'application/x-ndjson'],
    ['people.txt', ['--format', 'ndjson'], 'application/x-ndjson'],
    ['people.jsonl', ['--format', 'csv'], 'text/csv'],
  ])('knows what %s %j is', async (name, options, type) => {
    await folder.write(name, content)
    await run(name, ...options)
    expect(service.uploads[0]?.headers).toMatchObject({ 'content-type': type })
  })

  it.each([
    ['people.csv.gz', gzipSync(content), 'gzip', 'people.refused.csv'],
    ['people', gzipSync(content), 'gzip', 'people.refused.csv'],
    ['people.ndjson.gz', 'not packed', 'gzip', 'people.refused.ndjson'],
    ['people.csv', 'plain', undefined, 'people.refused.csv'],
  ])('knows whether %s is packed', async (name, bytes, encoding, refused) => {
    await folder.write(name, bytes)
    await folder.write(refused, earlierRows)
    await run(name)
    expect(service.uploads[0]?.headers['content-encoding']).toBe(encoding)
    expect(await folder.has(refused)).toBe(false)
  })

  it('reads the standard input', async () => {
    service.refused = [refusal(1, 2, { username: 'jane' })]
    const ended = await runKitter(['import', '-'], { cwd: folder.path, env: environment(), stdin: content })
    expect(ended.stdout).toContain('0 rows read from standard input')
    expect(service.uploads).toMatchObject([{ content }])
    expect((await folder.rows('stdin.refused.csv'))[1]?.[0]).toBe('jane')
  })

  it('waits for nobody with --detach, and says how to follow it', async () => {
    await folder.write('a file.csv', content)
    const stdout = `The import goes on at the service. This shows how far it is:\n  kitter import --follow ${service.id} 'a file.csv'\n`
    expect(await run('a file.csv', '--detach')).toEqual({ code: 0, stdout, stderr: '' })
    expect(followed()).toBe(0)
    const { stdout: elsewhere } = await run('a file.csv', '--detach', '--url', kitter.url)
    expect(elsewhere).toContain(`--follow ${service.id} --url ${kitter.url} 'a file.csv'\n`)
  })
})

describe('refused rows', () => {
  const no = 'The row is not valid: no.'
  const unknownDomain = 'The row is not valid: domain names an unknown domain.'
  const rows = [
    'Login,domain,password,line',
    'jane,quobis,,x',
    'j oe,quobis,"joe\'s, ""secret""",y',
    'kim,nowhere',
    ',"qu"o,=1+1,',
  ]

  beforeEach(async () => {
    await folder.write('people.csv', rows.join('\n'))
    service.rows = { read: 4, created: 1 }
    service.refused = [
      refusal(2, 3, { username: 'j oe' }),
      refusal(3, 4, { username: 'kim', code: 'domain.unknown', sentence: unknownDomain }),
      refusal(4, 5, { username: undefined, code: undefined }),
    ]
  })

  it('are shown, and written down as they are, for nobody else to read', async () => {
    const ended = await run('people.csv', '--column', 'username=Login')
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(ended.stdout.split('\n').slice(4)).toEqual([
      '  3 refused, see people.refused.csv',
      '  0 domains created',
      '',
      'ROW  LINE  USERNAME  CODE             WHY',
      '2    3     j oe      request.invalid  The row is not valid: no.',
      '3    4     kim       domain.unknown   The row is not valid: domain names an unknown domain.',
      '4    5                                The row is not valid: no.',
      'With --create-domains, unknown domains are created.',
      '',
    ])
    expect(ended.stdout).not.toContain('secret')
    expect(await folder.mode('people.refused.csv')).toBe(0o600)
    expect(await folder.rows('people.refused.csv')).toEqual([
      ['Login', 'domain', 'password', 'reason', 'line'],
      ['j oe', 'quobis', 'joe\'s, "secret"', no, '3'],
      ['kim', 'nowhere', unknownDomain, '4'],
      ['', '"qu"o', '=1+1', no, '5'],
    ])
  })

  it('of another size keep all their cells, and their size is never right', async () => {
    const lines = [
      'line,username,domain,password,reason',
      '1,dave,quobis,Doe, Dave,the secret,no',
      'kim,quobis,p',
      'lee',
    ]
    await folder.write('people.csv', lines.join('\n'))
    service.refused = [2, 3, 4].map((line) =>
      refusal(line - 1, line, { username: ['dave', 'quobis', undefined][line - 2] }),
    )
    expect(await run('people.csv')).toMatchObject({ code: 1, stderr: '' })
    expect(await folder.rows('people.refused.csv')).toEqual([
      ['username', 'domain', 'password', 'reason', 'line'],
      ['1', 'dave', 'quobis', 'Doe', ' Dave', 'the secret', 'no', no, '2'],
      ['kim', 'quobis', 'p', '', no, '3'],
      ['lee', no, '4'],
    ])
  })

  it('with line breaks are counted as the service does: attributes may have some', async () => {
    const lines = ['username,team,domain', 'a,"x', 'y",quobis', '"b', 'b",x,quobis', 'c,x,quobis']
    await folder.write('people.csv', lines.join('\n'))
    service.refused = [
      refusal(1, 2, { username: 'a' }),
      refusal(2, 4, { username: '"b' }),
      refusal(3, 5, { username: 'b"' }),
      refusal(4, 6, { username: 'c' }),
    ]
    expect(await run('people.csv', '--column', 'attributes.x=team')).toMatchObject({ code: 1, stderr: '' })
    const written = await folder.rows('people.refused.csv')
    expect(written.map(([name]) => name)).toEqual(['username', 'a', '"b', 'b"', 'c'])
    expect(written[1]?.[1]).toBe('x\ny')
  })

  it('of NDJSON stay NDJSON', async () => {
    const lines = [
      '{"username":"a"}',
      '{"user":{"username":"b","credentials":{"password":"x"}}}',
      'broken',
      '[]',
      '"c"',
    ]
    await folder.write('people.ndjson', lines.join('\n'))
    service.refused = [2, 3, 4, 5].map((line) => refusal(line, line, { username: line === 2 ? 'b' : undefined }))
    expect(await run('people.ndjson')).toMatchObject({ code: 1 })
    const reason = '"reason":"The row is not valid: no.","line":2}'
    const written = `{"user":{"username":"b","credentials":{"password":"x"}},${reason}\nbroken\n[]\n"c"\n`
    expect(await readFile(join(folder.path, 'people.refused.ndjson'), 'utf8')).toBe(written)
  })

  it('of NDJSON that are too deep to be written anew stay as they are', async () => {
    const deep = `{"username":"a","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n`
    await folder.write('people.ndjson', `${deep}{"username":"b"}\n`)
    service.refused = [refusal(1, 1, { username: 'a' }), refusal(2, 2, { username: 'b' })]
    expect(await run('people.ndjson')).toMatchObject({ code: 1, stderr: '' })
    const [first, second] = (await readFile(join(folder.path, 'people.refused.ndjson'), 'utf8')).split('\n')
    expect(`${first!}\n`).toBe(deep)
    expect(JSON.parse(second!)).toEqual({ username: 'b', reason: no, line: 2 })
  })

  it('of a packed file are written, too', async () => {
    await folder.write('people.csv.gz', gzipSync(rows.join('\n')))
    service.steps = [{ bytes: { read: 0, total: Buffer.byteLength(rows.join('\n')) } }]
    const ended = await run('people.csv.gz', '--column', 'username=Login')
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(await folder.rows('people.refused.csv')).toHaveLength(4)
  })

  it('are shown as far as somebody reads, and all written down', { timeout: 30_000 }, async () => {
    const many = Array.from({ length: 1200 }, (_, index) => index + 1)
    await folder.write('people.csv', ['username,domain', ...many.map((row) => `user${row},quobis`)].join('\n'))
    service.refused = many.map((row) => refusal(row, row + 1))
    const { stdout } = await run('people.csv')
    expect(stdout.match(/^\d+ +\d+ +user\d/gm)).toHaveLength(20)
    expect(stdout).toContain('\nAnd 1180 more rows.\n')
    expect((await folder.rows('people.refused.csv')).map(([name]) => name).slice(1)).toEqual(
      many.map((row) => `user${row}`),
    )
  })

  it('are written where it is said, but never into the file itself', async () => {
    const { stdout } = await run('people.csv', '--column', 'username=Login', '--refused', 'other.csv')
    expect(stdout).toContain('3 refused, see other.csv')
    expect(await folder.rows('other.csv')).toHaveLength(4)
    const sentence =
      "kitter: The refused rows can't be written into people.csv itself: say another file with --refused.\n"
    expect(await run('people.csv', '--refused', './people.csv')).toEqual({ code: 2, stdout: '', stderr: sentence })
  })

  it('of an earlier import are replaced, also where others could read them, and not left lying about', async () => {
    await folder.write('people.refused.csv', earlierRows)
    await chmod(join(folder.path, 'people.refused.csv'), 0o644)
    await run('people.csv', '--column', 'username=Login')
    expect(await folder.mode('people.refused.csv')).toBe(0o600)
    expect(await folder.rows('people.refused.csv')).toHaveLength(4)
    service.refused = []
    await run('people.csv')
    expect(await folder.has('people.refused.csv')).toBe(false)
  })

  it.each(['broken\n{"username":"a","reason":"no","line":7}\n', earlierRows, ''])(
    'replace refused rows of any format, and nothing: %j',
    async (earlier) => {
      await folder.write('mine', earlier)
      expect(await run('people.csv', '--column', 'username=Login', '--refused', 'mine')).toMatchObject({ code: 1 })
      expect(await folder.rows('mine')).toHaveLength(4)
    },
  )

  it.each(['precious', 'reason,line\n', 'username,line,reason\n', '{"reason":"no"}\n', 'x'.repeat(2_000_000)])(
    'replace and remove nothing that is not of an import',
    async (mine) => {
      await folder.write('mine', mine)
      const stderr = 'kitter: mine is there already, and is no file of refused rows: say another one with --refused.\n'
      expect(await run('people.csv', '--refused', 'mine')).toEqual({ code: 2, stdout: '', stderr })
      expect(service.uploads).toEqual([])
      expect(await run('people.csv', '--refused', 'mine', '--dry-run')).toMatchObject({ code: 1, stderr: '' })
      service.steps = [{ dry_run: false }]
      const follow = ['--follow', service.id, 'people.csv', '--refused', 'mine']
      expect(await run(...follow)).toMatchObject({ code: 2, stderr })
      service.refused = []
      expect(await run(...follow)).toMatchObject({ code: 0, stderr: '' })
      expect(await readFile(join(folder.path, 'mine'), 'utf8')).toBe(mine)
    },
  )

  it('of a dry run replace and remove nothing', async () => {
    await folder.write('people.refused.csv', earlierRows)
    const ended = await run('people.csv', '--dry-run')
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(ended.stdout).toContain('  3 would be refused\n')
    const hint = 'A dry run replaces no file, and people.refused.csv is there already: say another with --refused.\n'
    expect(ended.stdout.endsWith(hint)).toBe(true)
    service.refused = []
    expect((await run('people.csv', '--dry-run')).stdout).not.toContain('--refused')
    expect(await readFile(join(folder.path, 'people.refused.csv'), 'utf8')).toBe(earlierRows)
  })

  it.each(['paused', 'cancelled'])('of an earlier import stay when this one was %s', async (state) => {
    await folder.write('people.refused.csv', earlierRows)
    service.refused = []
    service.steps = [{ state: 'running' }, { state }]
    expect((await run('people.csv')).code).toBe(2)
    expect(await folder.has('people.refused.csv')).toBe(true)
  })

  it('of an earlier import stay when nothing could be imported', async () => {
    await folder.write('people.refused.csv', earlierRows)
    await kitter.close()
    expect((await run('people.csv')).code).toBe(2)
    expect(await folder.has('people.refused.csv')).toBe(true)
  })

  it('that can not be written down are shown nevertheless', async () => {
    await mkdir(join(folder.path, 'people.refused.csv'))
    const { code, stdout, stderr } = await run('people.csv')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "kitter: people.refused.csv can't be written: it is a folder.\n",
    })
    expect(stdout).toContain('  3 refused\n')
    expect(stdout).toContain('\n2    3     j oe ')
  })

  it('that can not be written down are told of again when they can be', async () => {
    const { code, stderr } = await run('people.csv', '--column', 'username=Login', '--refused', 'nowhere/rows.csv')
    const command = `kitter import --follow ${service.id} --column username=Login people.csv`
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "kitter: nowhere/rows.csv can't be written: there is no such file; when that is mended, this tells what came of the " +
        `import:\n  ${command}\n`,
    })
    const again = await run(...command.split(' ').slice(2))
    expect(again).toMatchObject({ code: 1, stderr: '' })
    expect(await folder.rows('people.refused.csv')).toHaveLength(4)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('are left nowhere when their writing is interrupted: %s', async (signal, code) => {
    const many = Array.from({ length: 1001 }, (_, index) => index + 1)
    await folder.write('people.csv', ['username,password', ...many.map((row) => `user${row},secret`)].join('\n'))
    service.refused = many.map((row) => refusal(row, row + 1))
    const { promise: interrupted, resolve } = Promise.withResolvers<undefined>()
    kitter.before = async (request) => {
      if (request.path.endsWith('paginate[page]=1')) await interrupted
      return service.answer(request)
    }
    const written = async (): Promise<string> => {
      const name = (await readdir(folder.path)).find((one) => one.startsWith('.people.refused.csv.'))
      return name === undefined ? '' : readFile(join(folder.path, name), 'utf8').catch(() => '')
    }
    const command = started('people.csv')
    await expect.poll(written, { timeout: 20_000 }).toContain('\nuser1000,secret,')
    command.child.kill(signal)
    await expect.poll(() => readdir(folder.path), { timeout: 20_000 }).toEqual(['people.csv'])
    resolve(undefined)
    const stdout = `This tells what came of the import:\n  kitter import --follow ${service.id} people.csv\n`
    expect(await command.ended()).toEqual({ code, stdout, stderr: '' })
  })

  it('carry no control characters into the terminal', async () => {
    const bad = '\u001b]0;title\u0007\u001b[2Jgone\r\nline\u009b31m\u202e'
    service.refused = [refusal(2, 3, { username: bad, code: bad, sentence: bad })]
    const { stdout } = await run('people.csv')
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })
})

describe('an import that can not run', () => {
  it.each([
    ['no such file', 'nobody.csv', "kitter: nobody.csv can't be read: there is no such file.\n"],
    ['a folder', '.', "kitter: . can't be read: it is a folder.\n"],
  ])('says so: %s', async (_name, file, stderr) => {
    expect(await run(file)).toEqual({ code: 2, stdout: '', stderr })
  })

  it('says all that is wrong with the file at once', async () => {
    const fields = ['has the unknown column "a"', 'has the column "b" twice', 'has no column "domain"', 'x'].map(
      (text) => ({ path: 'file', problem: text }),
    )
    const wrong = [...fields, { path: 'columns[c]', problem: 'is no column of users' }]
    const error = {
      error: 'The request is not valid: and 2 more.',
      code: 'request.invalid',
      request_id: 'x',
      fields: wrong,
    }
    kitter.before = ({ method }) => (method === 'POST' ? { status: 400, body: error } : undefined)
    const sentence = wrong.map(({ path, problem: text }) => `${path === 'file' ? 'people.csv' : '--column c'} ${text}`)
    expect(await run('people.csv')).toEqual({ code: 2, stdout: '', stderr: `kitter: ${sentence.join('; ')}.\n` })
  })

  it.each([
    [403, 'The role kitter-viewer may not do this.', 'does not let the token from KITTER_TOKEN do this: The role'],
    [413, 'The file has more than 2048 MiB.', 'kitter: The file has more than 2048 MiB.'],
    [500, 'Something went wrong.', 'kitter: Something went wrong.'],
  ])('says so: %i', async (status, error, sentence) => {
    kitter.before = ({ method }) => (method === 'POST' ? problem(status, 'some.code', error) : undefined)
    const ended = await run('people.csv')
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(sentence)
  })

  it('says so: the wrong token', async () => {
    const env = { KITTER_URL: kitter.url, KITTER_TOKEN: 'the-wrong-token' }
    const ended = await runKitter(['import', 'people.csv'], { cwd: folder.path, env })
    const reason = 'The bearer token was refused: its signature is not right.'
    const stderr = `kitter: The service at ${kitter.url} does not take the token from KITTER_TOKEN: ${reason}\n`
    expect(ended).toEqual({ code: 2, stdout: '', stderr })
  })

  it.each([
    ['something else', { status: 200, body: '<html>' }],
    ['nothing there', { status: 404, body: 'not found' }],
  ])('says so: what answers is not kitter, but %s', async (_name, answer) => {
    kitter.before = () => answer
    const sentence = `What answers at ${kitter.url} (from KITTER_URL) is not kitter, or the URL lacks kitter's HTTP_PREFIX.`
    expect(await run('people.csv')).toEqual({ code: 2, stdout: '', stderr: `kitter: ${sentence}\n` })
  })
})

describe('a service that goes away', () => {
  it('during the upload gets the same file again, with the same key', async () => {
    let dropped = 0
    kitter.before = (request) => (request.method === 'POST' && dropped++ < 2 ? 'drop' : service.answer(request))
    expect(await run('people.csv')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Waiting: the service breaks off/),
    })
    const posts = kitter.requests.filter(({ method }) => method === 'POST')
    expect(posts.map(({ body }) => body)).toEqual([content, content, content])
    expect(new Set(posts.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  })

  it('and comes back is waited for', async () => {
    let crashed = false
    kitter.before = (request) => {
      if (crashed || !request.path.includes(service.id)) return service.answer(request)
      crashed = true
      void kitter.close()
      return 'drop'
    }
    const command = started('people.csv')
    await command.shows('stderr', /^Waiting: the service .*\.$/m)
    await kitter.listen()
    expect(await command.ended()).toMatchObject({ code: 0 })
    expect(service.uploads).toHaveLength(1)
  })

  it('for good is given up, and it is said how to follow what goes on there', async () => {
    kitter.before = (request) => {
      if (request.path.includes(service.id)) void kitter.close()
      return service.answer(request)
    }
    const { code, stdout, stderr } = await run('people.csv', '--patience', '1')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(
      'kitter: The service refuses connections, and did so for 1 second; the import goes on at the service. ' +
        `This shows how far it is:\n  kitter import --follow ${service.id} people.csv\n`,
    )
    expect(stderr).not.toContain(kitter.token)
  })
})

describe('an import that does not come to its end', () => {
  it('by being paused says why, and how it goes on', async () => {
    service.steps = [{ state: 'running' }, { state: 'paused', last_error: 'wac-core does not answer.' }]
    const { code, stdout, stderr } = await run('people.csv')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'kitter: The import is paused: wac-core does not answer. When that is mended, this has it go on:\n' +
        `  kitter import --resume ${service.id} people.csv\n`,
    })
    expect(stdout).toMatch(/^Until now: 0 rows read from people\.csv/)
  })

  it('by being cancelled says so', async () => {
    service.steps = [{ state: 'running' }, { state: 'cancelled' }]
    const stderr = 'kitter: The import was cancelled by somebody else.\n'
    expect(await run('people.csv')).toMatchObject({ code: 2, stderr })
  })
})

describe('an earlier import', () => {
  beforeEach(() => {
    service.rows = { read: 1, refused: 1 }
    service.refused = [refusal(1, 2, { username: 'jane' })]
    service.size = content.length
  })

  it('is followed to its end', async () => {
    const { code, stdout } = await run('--follow', service.id)
    expect(code).toBe(1)
    expect(stdout).toMatch(new RegExp(`^1 row read from the import ${service.id}, for `))
    expect(stdout).toContain('  1 refused\n')
    expect(stdout).toContain('1    2     jane      request.invalid  The row is not valid: no.')
    expect(service.uploads).toEqual([])
  })

  it('has its refused rows written down where its file is said', async () => {
    expect(await run('people.csv', '--follow', service.id)).toMatchObject({ code: 1 })
    expect((await folder.rows('people.refused.csv'))[1]?.[0]).toBe('jane')
  })

  it('has refused rows whose names are compared, in whatever column they are', async () => {
    await folder.write('people.csv', content.replace('username', 'Login___'))
    const { code, stderr } = await run('people.csv', '--follow', service.id)
    const sentence = `has no column "username": say with --column, as in the import, what it's called there.`
    expect({ code, stderr }).toEqual({ code: 2, stderr: `kitter: people.csv ${sentence}\n` })
    expect(await run('people.csv', '--follow', service.id, '--column', 'username=Login___')).toMatchObject({ code: 1 })
  })

  it.each([
    ['is longer', `${content}x,y\n`],
    ['has another name in the row', content.replace('jane', 'zoe ')],
    ['lacks the row', 'username,domain'.padEnd(content.length, '\n')],
    ['is packed badly', Buffer.from([0x1f, 0x8b, 1, 2, 3])],
  ])('has another file, which %s', async (_name, other) => {
    await folder.write('other.csv', other)
    const { code, stderr } = await run('other.csv', '--follow', service.id)
    const sentence = "is not the file that was imported, or was changed since: its refused rows can't be written."
    expect({ code, stderr }).toEqual({ code: 2, stderr: `kitter: other.csv ${sentence}\n` })
    expect(await folder.has('other.refused.csv')).toBe(false)
  })

  it('goes on when it was paused', async () => {
    service.steps = [{ state: 'paused' }]
    expect(await run('--resume', service.id)).toMatchObject({ code: 1 })
    expect(kitter.answered('POST', `${service.path}/resume`, 200)).toBe(1)
    expect(await run('--resume', service.id)).toMatchObject({ code: 1 })
  })

  it('may be unknown', async () => {
    const stderr = 'kitter: There is no such import.\n'
    expect(await run('--follow', service.id.replace('7', '8'))).toEqual({ code: 2, stdout: '', stderr })
  })
})

describe('an interrupted import', () => {
  beforeEach(() => {
    service.steps = [{ state: 'running' }]
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is cancelled where nobody can be asked: %s', async (signal, code) => {
    service.rows = { read: 5, created: 5 }
    const command = started('people.csv')
    await untilFollowed()
    command.child.kill(signal)
    const stdout = 'The import was cancelled; rows that were under way then may follow. 5 rows read from people.csv'
    const ended = await command.ended()
    expect(ended).toMatchObject({ code, stdout: expect.stringContaining(stdout) })
    expect(ended.stderr).toBe('Cancelling the import. Ctrl-C again leaves at once.\n')
    expect(service.isCancelled).toBe(true)
  })

  it('goes on where it was only followed', async () => {
    const command = started('--follow', service.id)
    await untilFollowed(2)
    command.child.kill('SIGINT')
    const stdout = expect.stringContaining(`\n  kitter import --follow ${service.id}\n`)
    expect(await command.ended()).toMatchObject({ code: 130, stdout })
    expect(service.isCancelled).toBe(false)
  })

  it('is none while the file is sent', async () => {
    await folder.write('people.csv', Buffer.alloc(30_000_000, 'x'))
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>()
    kitter.reading = async (path) => {
      if (!path.startsWith('/imports')) return
      begin(undefined)
      await ended
    }
    const command = started('people.csv')
    await begun
    command.child.kill('SIGINT')
    const stdout = 'The upload was ended. Nothing was imported.\n'
    expect(await command.ended()).toMatchObject({ code: 130, stdout })
    end(undefined)
    await expect.poll(() => kitter.cut, { timeout: 20_000 }).toBe(1)
    expect(service.uploads).toEqual([])
  })

  it('is cancelled where the service had all of the file', async () => {
    const { promise: interrupted, resolve } = Promise.withResolvers<undefined>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>()
    kitter.before = async (request) => {
      if (request.path.startsWith('/imports?')) {
        begin(undefined)
        await interrupted
      }
      return service.answer(request)
    }
    const command = started('people.csv')
    await begun
    command.child.kill('SIGINT')
    await command.shows('stderr', /^Ending the upload\. Ctrl-C again leaves at once\.\n/m)
    resolve(undefined)
    expect(await command.ended()).toMatchObject({
      code: 130,
      stdout: expect.stringContaining('The import was cancelled'),
    })
    expect(service.isCancelled).toBe(true)
  })

  it('may have begun where the answer was lost', async () => {
    const away = { ...problem(503, 'service.unavailable', 'No.'), headers: { 'retry-after': '50' } }
    kitter.before = ({ method }) => (method === 'POST' ? away : undefined)
    const command = started('people.csv')
    await command.shows('stderr', /Waiting: the service answers 503/)
    command.child.kill('SIGINT')
    const sentence = 'had not answered yet: it may be at work on the import, or not.'
    expect(await command.ended()).toMatchObject({ code: 130, stdout: `The service at ${kitter.url} ${sentence}\n` })
  })

  it('does not wait for more input', async () => {
    const command = started('-')
    command.write(content)
    await command.shows('stderr', /^Reading standard input: 28 bytes\n/m)
    command.child.kill('SIGINT')
    expect(await command.ended()).toMatchObject({ code: 130, stdout: 'The upload was ended. Nothing was imported.\n' })
  })
})

describe('progress', () => {
  it('says how much of a large file is sent', async () => {
    await folder.write('people.csv', Buffer.alloc(30_000_000, 'x'))
    kitter.reading = async (path) => {
      if (path.startsWith('/imports')) await new Promise(() => undefined)
    }
    const command = started('people.csv')
    await command.shows('stderr', /^Sending people\.csv: [\d.]+ [KM]iB of 29 MiB/m)
    command.child.kill('SIGTERM')
    expect(await command.ended()).toMatchObject({ code: 143 })
  })

  it('is a plain line every few seconds where there is no terminal', async () => {
    service.steps = [{ state: 'running', seconds_left: 130 }]
    service.rows = { read: 6, created: 4, skipped: 2 }
    const command = started('people.csv')
    await command.shows('stderr', /^6 rows, 700\/s, 2 min left: 4 created, 2 already there\n/m)
    service.steps = [{}]
    const ended = await command.ended()
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).not.toContain('\u001b')
  })

  it('says what holds it up', async () => {
    service.steps = [{ state: 'running', last_error: 'Keycloak is away.' }]
    const command = started('people.csv')
    await command.shows('stderr', /^It is held up: Keycloak is away\.\n/m)
    service.steps = [{}]
    expect(await command.ended()).toMatchObject({ code: 0 })
  })
})

describe.skipIf(!hasScript)('on a terminal (skipped without the program "script" of util-linux)', () => {
  const onTerminal = (...args: readonly string[]): KitterCommand =>
    new KitterCommand(['import', ...args], { cwd: folder.path, env: environment(), terminal: true })
  const question = /Cancel the import, detach from it while it goes on, or go on watching\? \[c\/d\/G\] /
  const interrupted = async (...args: readonly string[]): Promise<KitterCommand> => {
    const command = onTerminal(...args)
    await command.shows('stdout', /25% {2}0 rows, 700/)
    command.write('\u0003')
    await command.shows('stdout', question)
    return command
  }

  beforeEach(() => {
    service.steps = [{ state: 'running', bytes: { read: 7, total: 28 } }]
  })

  it('a bar grows in one line, first of what is sent, then of the rows, and makes place for the summary', async () => {
    service.rows = { read: 6, created: 4, updated: 2 }
    service.steps = [{ state: 'running', bytes: { read: 7, total: 28 }, seconds_left: 130 }]
    const command = onTerminal('people.csv')
    await command.shows('stdout', /\[=====-{15}\] 25% {2}6 rows, 700\/s, 2 min left: 4 created, 2 updated/)
    service.steps = [{}]
    const { code, stdout } = await command.ended()
    expect(code).toBe(0)
    expect(stdout).toMatch(/\[={20}\] 100% {2}Sending people\.csv: 28 bytes of 28 bytes/)
    expect(stdout).toMatch(/\x1b\[1G\x1b\[2K6 rows read from people\.csv[^\x1b]+$/)
  })

  it.each(['c', 'CANCEL'])('Ctrl-C asks, and cancels on %s', async (answer) => {
    const command = await interrupted('people.csv')
    expect(service.isCancelled).toBe(false)
    command.write(`${answer}\n`)
    const { code, stdout } = await command.ended()
    expect(code).toBe(130)
    expect(stdout).toContain('The import was cancelled; ')
    expect(service.isCancelled).toBe(true)
  })

  it.each([
    ['d', 'd\n'],
    ['another Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('Ctrl-C asks, and detaches on %s', async (_name, typed) => {
    const command = await interrupted('people.csv')
    command.write(typed)
    const { code, stdout } = await command.ended()
    expect(code).toBe(130)
    expect(stdout).toContain(`\n  kitter import --follow ${service.id} people.csv\r\n`)
    expect(service.isCancelled).toBe(false)
  })

  it.each([
    ['g', 'g\n'],
    ['nothing', '\n'],
    ['something else, and then nothing', 'what?\n\n'],
  ])('Ctrl-C asks, and goes on on %s, until the next one', async (_name, typed) => {
    const command = await interrupted('--follow', service.id)
    command.stdout = ''
    command.write(typed)
    await command.shows('stdout', /25% {2}0 rows, 700/)
    command.stdout = ''
    command.write('\u0003')
    await command.shows('stdout', question)
    command.write('g\n')
    service.steps = [{}]
    expect(await command.ended()).toMatchObject({ code: 0, stdout: expect.stringContaining('0 rows read') })
  })
})
