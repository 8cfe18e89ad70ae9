import { spawnSync } from 'node:child_process'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeKitter, problem } from './fake-kitter.fixture.ts'
import { type Ended, KitterCommand, runKitter } from './kitter-command.fixture.ts'
import { peopleCsv } from './people.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

const hasScript = spawnSync('script', ['--version']).status === 0
const clearLine = String.raw`\x1b\[1G\x1b\[2K`

let kitter: FakeKitter
let folder: ScratchFolder

beforeEach(async () => {
  kitter = await FakeKitter.start()
  folder = await ScratchFolder.create()
})

afterEach(async () => {
  await kitter.close()
  await folder.remove()
})

const environment = () => ({ KITTER_URL: kitter.url, KITTER_TOKEN: kitter.token })

/** Imports a file of this content, with the fake kitter in the environment. */
async function importing(content: string | Uint8Array, ...options: readonly string[]): Promise<Ended> {
  const file = await folder.write('people.csv', content)
  return runKitter(['import', file, ...options], { cwd: folder.path, env: environment() })
}

async function started(content: string, ...options: readonly string[]): Promise<KitterCommand> {
  const file = await folder.write('people.csv', content)
  return new KitterCommand(['import', file, ...options], { cwd: folder.path, env: environment() })
}

/** The numbers of a summary. */
function summaryOf({ stdout }: Pick<Ended, 'stdout'>) {
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? NaN)
  return {
    read: number(/^(\d+) rows? read/m),
    created: number(/^ +(\d+) created$/m),
    alreadyThere: number(/^ +(\d+) already there$/m),
    refused: number(/^ +(\d+) refused/m),
    domains: number(/^ +(\d+) domains? created$/m),
  }
}

function expectOneSentence(text: string): void {
  expect(text).toMatch(/^kitter: [^\n]+\.\n$/)
  expect(text).not.toMatch(/\bat (async )?\w+.*:\d+:\d+/)
}

describe('kitter import', () => {
  it('creates people and their domains', async () => {
    const ended = await importing(peopleCsv(300), '--create-domains')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toBe(
      [
        `300 rows read from people.csv, for ${kitter.url}:`,
        '  300 created',
        '    0 already there',
        '    0 refused',
        '    3 domains created',
        '',
      ].join('\n'),
    )
    expect(kitter.users.size).toBe(300)
    expect(kitter.users.get('person2')).toEqual({
      username: 'person2',
      email: 'person2@mail.example',
      enabled: true,
      first_name: 'First1',
      last_name: 'Last',
      attributes: { domain: 'globex.example', phone_number: '577.401.1 x5071' },
    })
    expect(await folder.has('people.refused.csv')).toBe(false)
  })

  it('creates each domain once, before its first user', async () => {
    await importing(peopleCsv(90), '--create-domains')
    const order = kitter.requests.filter(({ method }) => method === 'POST')
    expect(order.filter(({ path }) => path === '/domains')).toHaveLength(3)
    expect(order.filter(({ status }) => status !== 201)).toEqual([])
  })

  it('creates nothing the second time', async () => {
    await importing(peopleCsv(300), '--create-domains')
    const before = kitter.requests.length
    const ended = await importing(peopleCsv(300), '--create-domains')
    expect(ended.code).toBe(0)
    expect(summaryOf(ended)).toEqual({ read: 300, created: 0, alreadyThere: 300, refused: 0, domains: 0 })
    expect(kitter.requests.slice(before).filter(({ status }) => status === 201)).toEqual([])
  })

  it('has eight requests under way, never more, over connections that are kept', async () => {
    const eight = Promise.withResolvers<undefined>()
    let begun = 0
    kitter.provisioning = async () => {
      if (++begun === 8) eight.resolve(undefined)
      await eight.promise
    }
    expect(await importing(peopleCsv(200), '--create-domains')).toMatchObject({ code: 0 })
    expect(kitter.mostAtOnce).toBe(8)
    expect(kitter.connections).toBeLessThan(20)
  })

  it('reads quotes, CRLF and a byte order mark', async () => {
    const content =
      '\ufeffusername,domain,last_name\r\n"jane",quobis,"Doe, ""JD"" of\r\nÁvila"\r\n\r\njoe,quobis,李\r\n'
    expect(await importing(content)).toMatchObject({ code: 0 })
    expect(kitter.users.get('jane')).toMatchObject({ last_name: 'Doe, "JD" of\r\nÁvila' })
    expect(kitter.users.get('joe')).toMatchObject({ last_name: '李' })
  })

  it('reads the standard input', async () => {
    const stdin = 'username,domain\njane,quobis\njoe,nowhere.example\n'
    const ended = await runKitter(['import', '-'], { cwd: folder.path, env: environment(), stdin })
    expect(ended.stdout).toContain('2 rows read from standard input')
    expect(ended.stdout).toContain('1 refused, see stdin.refused.csv')
    expect(ended.code).toBe(1)
  })

  it('takes a person twice in the file as already there', async () => {
    const others = Promise.withResolvers<undefined>()
    kitter.provisioning = async (name) => {
      if (name === 'other12') others.resolve(undefined)
      if (name === 'jane') await others.promise
    }
    const rows = Array.from({ length: 12 }, (_, index) => `other${index + 1},quobis`)
    const ended = await importing(['username,domain', 'Jane,quobis', 'jane,quobis', ...rows].join('\n'))
    expect(summaryOf(ended)).toMatchObject({ read: 14, created: 13, alreadyThere: 1, refused: 0 })
  })

  it.each([
    ['only the columns', 'username,domain\n', { code: 0, stderr: '' }, '0 rows read from people.csv'],
    ['nothing', '', { code: 2, stdout: '' }, 'people.csv is empty: its first line must name the columns'],
  ])('has a clear answer for a file with %s', async (_name, content, expected, text) => {
    const ended = await importing(content)
    expect(ended).toMatchObject(expected)
    expect(ended.stdout + ended.stderr).toContain(text)
  })
})

describe('refused rows', () => {
  const content = [
    'username,domain,password,enabled',
    'jane,quobis,,true',
    'j oe,quobis,"joe\'s, secret",yes',
    "kim,nowhere.example,kim's secret,no",
    'lee,quobis,,maybe',
    'jane,quobis,,true',
    'max,quobis',
    'taken,quobis,,1',
  ].join('\n')

  beforeEach(() => {
    kitter.domains.add('acme.example')
    kitter.users.set('taken', { username: 'taken', attributes: { domain: 'acme.example' } })
  })

  it('are written down with reason and line, for nobody else to read', async () => {
    const ended = await importing(content)
    expect(ended.code).toBe(1)
    expect(ended.stdout).toContain('5 refused, see people.refused.csv')
    expect(await folder.mode('people.refused.csv')).toBe(0o600)
    const invalid = 'The request is not valid: user'
    expect(await folder.rows('people.refused.csv')).toEqual([
      ['username', 'domain', 'password', 'enabled', 'reason', 'line'],
      [
        'j oe',
        'quobis',
        "joe's, secret",
        'yes',
        `${invalid}.username must be letters, digits and . _ - + @ ' only, without spaces.`,
        '3',
      ],
      ['kim', 'nowhere.example', "kim's secret", 'no', `${invalid}.attributes.domain names an unknown domain.`, '4'],
      ['lee', 'quobis', '', 'maybe', 'The row is not valid: enabled must be true or false, yes or no, 1 or 0.', '5'],
      ['max', 'quobis', '', '', 'The row has 2 cells where line 1 has 4.', '7'],
      [
        'taken',
        'quobis',
        '',
        '1',
        'There is a user with this username already. It is not in quobis: another domain has it, or it is being created.',
        '8',
      ],
    ])
  })

  it('are counted with all the others', async () => {
    expect(summaryOf(await importing(content))).toEqual({
      read: 7,
      created: 1,
      alreadyThere: 1,
      refused: 5,
      domains: 0,
    })
  })

  it('never show their passwords', async () => {
    const { stdout, stderr } = await importing(content)
    expect(stdout + stderr).not.toContain('secret')
  })

  it('can be mended and imported from their file', async () => {
    await importing('username,domain\nj oe,quobis\nkim,nowhere.example\n')
    const [header, joe, kim] = await folder.rows('people.refused.csv')
    await folder.write('people.refused.csv', stringify([header, ['joe', ...(joe ?? []).slice(1)], kim]))
    const ended = await runKitter(['import', 'people.refused.csv'], { cwd: folder.path, env: environment() })
    expect(summaryOf(ended)).toMatchObject({ created: 1, refused: 1 })
    expect((await folder.rows('people.refused.refused.csv')).map((row) => [row[0], row.at(-1)])).toEqual([
      ['username', 'line'],
      ['kim', '3'],
    ])
  })

  it('of an earlier run are not left lying about', async () => {
    await importing('username,domain\nj oe,quobis\n')
    expect(await folder.has('people.refused.csv')).toBe(true)
    await importing('username,domain\njoe,quobis\n')
    expect(await folder.has('people.refused.csv')).toBe(false)
  })

  it('of an earlier run are replaced, also where others could read them', async () => {
    await folder.write('people.refused.csv', 'old')
    await chmod(join(folder.path, 'people.refused.csv'), 0o644)
    await importing('username,domain\nj oe,quobis\n')
    expect(await folder.mode('people.refused.csv')).toBe(0o600)
    expect(await folder.rows('people.refused.csv')).toHaveLength(2)
  })

  it('of an earlier run stay when nothing could be imported', async () => {
    await folder.write('people.refused.csv', 'old')
    await kitter.close()
    expect((await importing(content)).code).toBe(2)
    expect(await folder.rows('people.refused.csv')).toEqual([['old']])
  })

  it('are those with broken quotes or bytes, and no others', async () => {
    const ended = await importing(
      Buffer.concat([
        Buffer.from('username,domain,last_name\na,quobis,"never closed\nb,quobis,B\nc,quobis,'),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from('d,quobis,"D" D\ne,quobis,"E\nE"\nf,quobis,F,F\ng,quobis,G'),
      ]),
    )
    expect(summaryOf(ended)).toMatchObject({ read: 7, created: 3, refused: 4 })
    expect([...kitter.users.keys()].sort()).toEqual(['b', 'e', 'g', 'taken'])
    const [, ...refused] = await folder.rows('people.refused.csv')
    expect(refused.map((row) => [row.at(-1), row[0], row[2]])).toEqual([
      ['2', 'a', '"never closed'],
      ['4', 'c', '\ufffd\ufffd'],
      ['5', 'd', '"D" D'],
      ['8', 'f', 'F'],
    ])
  })

  it('are those of a domain that could not be created', async () => {
    const ended = await importing('username,domain\njane,b@d\njoe,b@d\nkim,new.example\n', '--create-domains')
    expect(summaryOf(ended)).toEqual({ read: 3, created: 1, alreadyThere: 0, refused: 2, domains: 1 })
    expect(ended.stdout).toContain(
      '2 × The domain could not be created: The request is not valid: domain.domain must be',
    )
    expect(kitter.answered('POST', '/domains')).toBe(2)
  })

  it('carry no control characters of the service into the terminal or the file', async () => {
    kitter.before = ({ method }) =>
      method === 'POST' ? problem(400, 'x', '\u001b]0;title\u0007\u001b[2Jgone\r\nline\u009b31m') : undefined
    const ended = await importing('username,domain\n\u001b[31mred,quobis\n')
    expect(ended.stdout + ended.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect((await folder.rows('people.refused.csv'))[1]?.[2]).toBe(']0;title [2Jgone line 31m')
  })

  it('end the import when they can not be written down', async () => {
    await folder.write('people.csv', 'username,domain\nj oe,quobis\n')
    await mkdir(join(folder.path, 'people.refused.csv'))
    const ended = await runKitter(['import', 'people.csv'], { cwd: folder.path, env: environment() })
    expect(ended.code).toBe(2)
    expectOneSentence(ended.stderr)
    expect(ended.stderr).toContain("people.refused.csv, the file for refused rows, can't be written")
    expect(summaryOf(ended)).toMatchObject({ read: 1, refused: 1 })
  })
})

describe('an import that can not run', () => {
  it.each([
    [
      'an unknown column',
      'username,domain,shoe_size\nj,quobis,44\n',
      'line 1: the column "shoe_size" is not known; known are username, domain, email,',
    ],
    ['a column twice', 'username,domain,email,email\n', 'line 1: the column "email" is there twice'],
    ['no domain', 'username\njane\n', 'line 1: the column "domain" is missing'],
    [
      'a quote in the header that is never closed',
      '"username,domain\njane,quobis\n',
      'line 1: A quote is opened and not closed',
    ],
    ['another encoding', Buffer.from('username,domain\n', 'utf16le'), 'people.csv, line 1: '],
  ])('says so: %s', async (_name, content, sentence) => {
    const ended = await importing(content)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expectOneSentence(ended.stderr)
    expect(ended.stderr).toContain(sentence)
    expect(kitter.answered('POST', '/users')).toBe(0)
  })

  it.each([
    ['no such file', 'nobody.csv', "kitter: nobody.csv can't be read: there is no such file.\n"],
    ['a folder', '.', "kitter: . can't be read: it is a folder.\n"],
  ])('says so: %s', async (_name, file, stderr) => {
    const ended = await runKitter(['import', file], { cwd: folder.path, env: environment() })
    expect(ended).toEqual({ code: 2, stdout: '', stderr })
  })

  it('says so: the wrong token', async () => {
    await folder.write('people.csv', peopleCsv(3))
    const env = { KITTER_URL: kitter.url, KITTER_TOKEN: 'the-wrong-token' }
    const ended = await runKitter(['import', 'people.csv'], { cwd: folder.path, env })
    const reason = 'The bearer token was refused: its signature is not right.'
    const stderr = `kitter: The service at ${kitter.url} does not take the token from KITTER_TOKEN: ${reason}\n`
    expect(ended).toEqual({ code: 2, stdout: '', stderr })
  })

  it('says so: a role that may not do this', async () => {
    kitter.before = ({ method }) =>
      method === 'POST' ? problem(403, 'access.forbidden', 'The role kitter-viewer may not do this.') : undefined
    const ended = await importing(peopleCsv(30))
    expect(ended.code).toBe(2)
    expectOneSentence(ended.stderr)
    expect(ended.stderr).toContain(
      'does not let the token from KITTER_TOKEN do this: The role kitter-viewer may not do this',
    )
    expect(summaryOf(ended)).toMatchObject({ read: 0, created: 0 })
    expect(ended.stdout).not.toContain('under way')
  })

  it.each([
    ['something else', { status: 200, body: '<html>' }],
    ['nothing there', { status: 404, body: 'not found' }],
  ])('says so: what answers is not kitter, but %s', async (_name, answer) => {
    kitter.before = () => answer
    const ended = await importing(peopleCsv(3))
    const sentence = `What answers at ${kitter.url} (from KITTER_URL) is not kitter, or the URL lacks kitter's HTTP_PREFIX.`
    expect(ended).toEqual({ code: 2, stdout: '', stderr: `kitter: ${sentence}\n` })
  })
})

describe('a service that goes away', () => {
  it('for good ends the import, which says what it did', async () => {
    kitter.before = () => {
      if (kitter.users.size >= 40) void kitter.close()
      return undefined
    }
    const ended = await importing(peopleCsv(300), '--create-domains', '--patience', '1')
    expect(ended.code).toBe(2)
    expect(ended.stderr.trimEnd().split('\n').at(-1)).toBe(
      'kitter: The service refuses connections, and did so for 1 second; the import ended early, and running it again is safe.',
    )
    const { read, created, alreadyThere, refused } = summaryOf(ended)
    expect(read).toBe(created + alreadyThere + refused)
    expect(created).toBeGreaterThan(0)
    expect(created).toBeLessThanOrEqual(kitter.users.size)
    expect(ended.stdout).toMatch(/[1-8] more under way without an answer/)
    expect(ended.stdout + ended.stderr).not.toContain(kitter.token)
  })

  it('and comes back is waited for, and nothing is lost', async () => {
    let crashed = false
    kitter.before = () => {
      if (crashed || kitter.users.size < 40) return undefined
      crashed = true
      void kitter.close()
      return 'drop'
    }
    const command = await started(peopleCsv(300), '--create-domains')
    await command.shows('stderr', /^Waiting: the service .*\.$/m)
    await kitter.listen()
    const ended = await command.ended()
    expect(ended.code).toBe(0)
    expect(summaryOf(ended)).toMatchObject({ read: 300, refused: 0 })
    expect(kitter.users.size).toBe(300)
  })

  it.each([503, 429])('by answering %i is asked again', async (status) => {
    const refusals = new Map<string, number>()
    kitter.before = ({ path, headers }) => {
      const key = `${path} ${String(headers['idempotency-key'])}`
      const before = refusals.get(key) ?? 0
      refusals.set(key, before + 1)
      const answer = problem(status, 'service.unavailable', 'Keycloak is away.')
      return before === 0 && refusals.size < 20 ? { ...answer, headers: { 'retry-after': '0' } } : undefined
    }
    const ended = await importing(peopleCsv(60), '--create-domains')
    expect(ended.code).toBe(0)
    expect(summaryOf(ended)).toEqual({ read: 60, created: 60, alreadyThere: 0, refused: 0, domains: 3 })
    expect(ended.stderr).toContain(`Waiting: the service answers ${status}: Keycloak is away.\n`)
    expect(ended.stderr.split('\n').length).toBeLessThan(20)
  })

  it('and wants to be left alone for longer than anybody waits ends the import at once', async () => {
    const answer = { ...problem(503, 'service.unavailable', 'Keycloak is away.'), headers: { 'retry-after': '3600' } }
    kitter.before = ({ method }) => (method === 'POST' && kitter.users.size >= 5 ? answer : undefined)
    const ended = await importing(peopleCsv(60), '--create-domains')
    expect(ended.code).toBe(2)
    expectOneSentence(ended.stderr)
    expect(ended.stderr).toContain(
      'answers 503: Keycloak is away, and wants to be left alone for 3600 seconds; the import',
    )
  })

  it('after doing the work is sent the same request with the same key', async () => {
    kitter.domains.add('acme.example')
    let dropped = false
    kitter.after = ({ method }) => {
      if (method !== 'POST' || dropped) return undefined
      dropped = true
      return 'drop'
    }
    const ended = await importing('username,domain\njane,acme.example\n')
    expect(ended.code).toBe(0)
    expect(summaryOf(ended)).toMatchObject({ read: 1, created: 0, alreadyThere: 1 })
    const [first, second] = kitter.requests.filter(({ method }) => method === 'POST')
    expect(first?.headers['idempotency-key']).toMatch(/^[\da-f-]{36}$/)
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
  })

  it('by not taking the token any longer ends the import', async () => {
    kitter.before = ({ headers }) =>
      kitter.users.size >= 20
        ? problem(401, 'x', `The bearer token has expired: ${headers.authorization ?? ''}`)
        : undefined
    const ended = await importing(peopleCsv(300), '--create-domains')
    expect(ended.code).toBe(2)
    expectOneSentence(ended.stderr)
    expect(ended.stderr).toContain('does not take the token from KITTER_TOKEN: The bearer token has expired')
    expect(ended.stderr).toContain('; the import ended early, and running it again is safe.')
    expect(ended.stdout + ended.stderr).not.toContain(kitter.token)
    expect(summaryOf(ended)).toMatchObject({ read: kitter.users.size, created: kitter.users.size })
    kitter.before = () => undefined
    expect(summaryOf(await importing(peopleCsv(300), '--create-domains'))).toMatchObject({ read: 300, refused: 0 })
    expect(kitter.users.size).toBe(300)
  })
})

describe('an interrupted import', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('begins no new rows, ends those under way, and says what it did: %s', async (signal, code) => {
    const resumed = Promise.withResolvers<undefined>()
    let passed = 0
    let held = 0
    kitter.before = async ({ path }) => {
      if (path !== '/users' || ++passed <= 40) return undefined
      held++
      await resumed.promise
      return undefined
    }
    const command = await started(peopleCsv(300), '--create-domains')
    await expect.poll(() => held, { timeout: 20_000 }).toBe(8)
    command.child.kill(signal)
    await command.shows('stderr', /Ending rows under way\. Ctrl-C again ends at once\.\n/)
    resumed.resolve(undefined)
    const ended = await command.ended()
    expect(ended.code).toBe(code)
    expect(held).toBe(8)
    expect(summaryOf(ended)).toMatchObject({ read: 48, created: 48, alreadyThere: 0, refused: 0 })
    expect(kitter.users.size).toBe(48)
  })

  it('leaves at once when told twice', async () => {
    kitter.before = ({ path }) => (path === '/users' ? new Promise(() => undefined) : undefined)
    const command = await started(peopleCsv(30), '--create-domains')
    await expect.poll(() => kitter.answered('POST', '/domains'), { timeout: 20_000 }).toBe(3)
    command.child.kill('SIGINT')
    await command.shows('stderr', /Ctrl-C again/)
    command.child.kill('SIGINT')
    await command.ended()
    expect(command.child.signalCode).toBe('SIGINT')
  })

  it('does not wait for more input', async () => {
    const command = new KitterCommand(['import', '-'], { cwd: folder.path, env: environment() })
    command.write('username,domain\njane,quobis\n')
    await expect.poll(() => kitter.users.size, { timeout: 20_000 }).toBe(1)
    command.child.kill('SIGINT')
    const ended = await command.ended()
    expect(ended.code).toBe(130)
    expect(summaryOf(ended)).toMatchObject({ read: 1, created: 1 })
  })

  it('does not wait for a service that is away', async () => {
    const answer = { ...problem(503, 'service.unavailable', 'Keycloak is away.'), headers: { 'retry-after': '50' } }
    kitter.before = ({ method }) => (method === 'POST' ? answer : undefined)
    const command = await started('username,domain\njane,quobis\n')
    await command.shows('stderr', /Waiting: the service answers 503/)
    command.child.kill('SIGINT')
    const ended = await command.ended()
    expect(ended.code).toBe(130)
    expect(summaryOf(ended)).toMatchObject({ read: 0, created: 0 })
  })
})

describe('progress', () => {
  it('is a plain line every few seconds where there is no terminal', async () => {
    const resumed = Promise.withResolvers<undefined>()
    let passed = 0
    kitter.before = async ({ path }) => {
      if (path === '/users' && ++passed > 20) await resumed.promise
      return undefined
    }
    const command = await started(peopleCsv(60), '--create-domains')
    await command.shows('stderr', /^[1-9]\d* rows?: [1-9]\d* created, 0 already there, 0 refused\n/m)
    resumed.resolve(undefined)
    const ended = await command.ended()
    expect(ended.code).toBe(0)
    expect(ended.stderr).toBe('')
  })

  it('leaves no trace of escape sequences where there is no terminal', async () => {
    const ended = await importing(peopleCsv(60), '--create-domains')
    expect(ended.stdout + ended.stderr).not.toContain('\u001b')
  })
})

describe.skipIf(!hasScript)('on a terminal (skipped without the program "script" of util-linux)', () => {
  const onTerminal = { terminal: true } as const

  it('a bar grows in one line, and makes place for the summary', async () => {
    await folder.write('people.csv', peopleCsv(300))
    const options = { cwd: folder.path, env: environment(), ...onTerminal }
    const { code, stdout } = await runKitter(['import', 'people.csv', '--create-domains'], options)
    expect(code).toBe(0)
    const [drawn = '', summary = ''] = stdout.split('300 rows read')
    expect(drawn).toContain('[--------------------] 0%  0 rows: 0 created, 0 already there, 0 refused')
    expect(drawn).toContain('[====================] 100%  300 rows: 300 created, 0 already there, 0 refused')
    expect(drawn).not.toContain('\n')
    expect(drawn).toMatch(new RegExp(`${clearLine}$`))
    expect(summary).not.toContain('\u001b')
  })

  it('the bar explains a service that is away, and the sentence in the end stands alone', async () => {
    kitter.before = ({ method }) =>
      method === 'POST' && kitter.users.size > 5 ? problem(503, 'service.unavailable', 'No.') : undefined
    await folder.write('people.csv', peopleCsv(300))
    const options = { cwd: folder.path, env: environment(), ...onTerminal }
    const { code, stdout } = await runKitter(['import', 'people.csv', '--create-domains', '--patience', '1'], options)
    expect(code).toBe(2)
    expect(stdout).toContain('  Waiting: the service answers 503: No.')
    expect(stdout).toMatch(
      /\nkitter: The service answers 503: No, and did so for 1 second; the import ended early[^\n]+\r\n$/,
    )
  })

  it('Ctrl-C ends the import', async () => {
    kitter.before = ({ method }) =>
      method === 'POST' ? { ...problem(503, 'x', 'No.'), headers: { 'retry-after': '50' } } : undefined
    await folder.write('people.csv', peopleCsv(300))
    const command = new KitterCommand(['import', 'people.csv'], { cwd: folder.path, env: environment(), ...onTerminal })
    await command.shows('stdout', /Waiting: the service answers 503/)
    command.write('\u0003')
    const { code, stdout } = await command.ended()
    expect(code).toBe(130)
    expect(stdout).toMatch(new RegExp(`${clearLine}0 rows read from people.csv`))
    expect(stdout).toContain('Ending rows under way. Ctrl-C again ends at once.')
    expect(stdout).not.toMatch(/[1-9]\d*%/)
  })

  it('the standard input has no end to draw a bar to', async () => {
    const command = new KitterCommand(['import', '-'], { cwd: folder.path, env: environment(), ...onTerminal })
    command.write('username,domain\njane,quobis\n\u0004')
    const { code, stdout } = await command.ended()
    expect(code).toBe(0)
    expect(stdout).toContain('1 row: 1 created, 0 already there, 0 refused')
    expect(stdout).not.toContain('%')
  })
})
