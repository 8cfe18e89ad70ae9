import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'
import { type Ended, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

const domain = 'acme.example'
let kitter: TestKitter
let folder: ScratchFolder
beforeAll(async () => {
  kitter = await TestKitter.start({ DIALECTS: 'kazoo', LOGIN_NAMES: 'domain' })
  await kitter.createDomain(domain)
})
afterAll(() => kitter[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await ScratchFolder.create()
})
afterEach(() => folder.remove())

const run = (args: readonly string[], stdin?: string | Uint8Array): Promise<Ended> =>
  runKitter(['import', ...args], {
    cwd: folder.path,
    env: { KITTER_URL: kitter.url, KITTER_TOKEN: kitter.adminToken },
    ...(stdin !== undefined && { stdin }),
  })
const from = (file: string, ...others: readonly string[]) => run(['--from', file, '--domain', domain, ...others])
const user = (username: string, others = {}) => ({ first_name: 'User', last_name: 'Three', username, ...others })
const answer = (data: unknown) => ({ data, status: 'success', request_id: 'x' })
const counted = (count: number, what: string) => new RegExp(`^ +${count} ${what}`, 'm')

// each starts some processes
describe('kitter import --from', { timeout: 60_000 }, () => {
  it('takes documents however they stand in the file, and the refused ones again', async () => {
    const rows = [answer(user('ann')), answer(user('ben', { hotdesk: { pin: '1' } })), user('cid', { note: 'a\nb' })]
    await folder.write('kazoo-export.json', rows.map((row) => JSON.stringify(row, undefined, 2)).join('\n'))
    const first = await from('kazoo-export.json')
    expect(first.code).toBe(1)
    expect(first.stdout).toMatch(counted(2, 'created'))
    expect(first.stdout).toContain('2    2     ben       request.invalid  The row is not valid: hotdesk.pin')
    const refused = await readFile(join(folder.path, 'kazoo-export.refused.ndjson'), 'utf8')
    expect(JSON.parse(refused)).toMatchObject({ ...rows[1], line: 2, reason: expect.stringContaining('hotdesk.pin') })

    await folder.write('kazoo-export.refused.ndjson', refused.replace('"pin":"1"', '"pin":"1234"'))
    const second = await from('kazoo-export.refused.ndjson')
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(second.stdout).toMatch(counted(1, 'created'))
    expect((await kitter.call('GET', `/users/${domain}/ben`)).status).toBe(200)
  })

  it('takes a list, packed and from the standard input', async () => {
    await folder.write('export.json.gz', gzipSync(JSON.stringify([user('dee'), answer(user('eve'))])))
    expect((await from('export.json.gz')).stdout).toMatch(counted(2, 'created'))
    const piped = await run(['--from', '-', '--domain', domain, '--on-existing', 'update'], JSON.stringify(user('eve')))
    expect(piped.stdout).toMatch(counted(1, 'updated'))
  })

  it('goes on with an import that was left, and tells how', async () => {
    await folder.write('left.json', JSON.stringify([user('fay'), user('gus', { hotdesk: { pin: '1' } })]))
    const { stdout } = await from('left.json', '--detach')
    const [, id = ''] = /kitter import --follow (\S+) --from left\.json$/m.exec(stdout) ?? []
    const followed = await run(['--follow', id, '--from', 'left.json'])
    expect(followed.stdout).toMatch(counted(1, 'refused, see left.refused.ndjson'))
    expect(await folder.has('left.refused.ndjson')).toBe(true)
  })

  it.each([
    ['nothing', '', 'kazoo-export.json is empty.'],
    ['an empty list', '[]', 'kazoo-export.json is empty.'],
    [
      'HTML',
      '<!DOCTYPE html>\n<p>Bad',
      'kazoo-export.json has no JSON document at line 1, but "<!DOCTYPE html>". Nothing was imported.',
    ],
    [
      'an error of a proxy',
      '{"data":{"a":1}}\naway',
      'kazoo-export.json has no JSON document at line 2, but "away". Nothing was imported.',
    ],
    [
      'one that is cut',
      '{"data":{}}\n{"data":{"first_na',
      'kazoo-export.json ends within the document that begins at line 2. Nothing was imported.',
    ],
    ['packed and cut', Buffer.from([0x1f, 0x8b, 1]), 'kazoo-export.json is not packed with gzip, or is cut.'],
    [
      'a list as long as all',
      JSON.stringify(answer(Array.from({ length: 20_000 }, (_, n) => user(`user${n}`)))),
      'kazoo-export.json has a document of more than 1 MiB, or without an end, that begins at line 1. Nothing was imported.',
    ],
  ])('imports nothing of a file that is none: %s', async (_, content, sentence) => {
    await folder.write('kazoo-export.json', content)
    expect(await from('kazoo-export.json')).toEqual({ code: 2, stdout: '', stderr: `kitter: ${sentence}\n` })
  })

  it('says that a list has summaries only, and what an error of Kazoo is', async () => {
    const summaries = [{ ...user('hal'), id: 'x', features: [] }]
    const failure = {
      data: { message: 'invalid credentials' },
      error: '401',
      message: 'invalid_credentials',
      status: 'error',
    }
    await folder.write('kazoo-export.json', [answer(summaries), failure].map((row) => JSON.stringify(row)).join('\n'))
    const { code, stdout } = await from('kazoo-export.json')
    expect(code).toBe(1)
    expect(stdout).toContain(
      "a list of users, which isn't all that Kazoo knows of them. Fetch each user's own document",
    )
    expect(stdout).toContain('a failure that Kazoo told, and no user: 401 invalid_credentials.')
  })

  it.each([
    [['--from', 'a.json'], "option '--from <file>' needs --domain"],
    [['a.csv', '--domain', 'acme.example'], "option '--domain <domain>' is for --from only"],
    [['a.csv', '--from', 'a.json', '--domain', 'x'], "FILE and option '--from <file>' cannot be used together"],
    [
      ['--from', 'a.json', '--domain', 'x', '--column', 'a=b'],
      "option '--from <file>' cannot be used with option '--column",
    ],
    [[], "missing required argument 'file'"],
  ])('is refused as %j', async (args, sentence) => {
    const { code, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr).toContain(`kitter: ${sentence}`)
  })

  it.each([
    [['--domain', 'no domain'], /^kitter: --domain must be labels/],
    [['--domain', 'x', '--dialect', 'other'], /^kitter: --dialect is none whose documents this kitter reads/],
  ])('tells what the service says of %j', async (args, sentence) => {
    await folder.write('a.json', JSON.stringify(user('ida')))
    expect((await run(['--from', 'a.json', ...args])).stderr).toMatch(sentence)
  })
})
