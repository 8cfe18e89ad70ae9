import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeImports } from './fake-imports.fixture.ts'
import { FakeKitter } from './fake-kitter.fixture.ts'
import { type Ended, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

let kitter: FakeKitter
let folder: ScratchFolder

beforeEach(async () => {
  kitter = await FakeKitter.start()
  const { answer } = new FakeImports()
  kitter.before = answer
  folder = await ScratchFolder.create()
  await folder.write('people.csv', 'username,domain\njane,quobis\n')
})

afterEach(async () => {
  await kitter.close()
  await folder.remove()
})

function importing(env: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<Ended> {
  return runKitter(['import', 'people.csv', ...options], { cwd: folder.path, env })
}

/** What a running kitter leaves in its data folder. */
async function leave(files: Readonly<Record<string, string>>, dataDir = '.kitter'): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, dataDir, name)), { recursive: true })
    await folder.write(join(dataDir, name), content)
  }
}

const serviceFile = (url = kitter.url): string => `${JSON.stringify({ url, pid: 1 })}\n`

/** Nobody listens there, and `fetch` goes there, unlike to port 1. */
const unusedUrl = 'http://127.0.0.1:2'

describe('the service is found', () => {
  it('by the files of a kitter in the current folder', async () => {
    await leave({ 'service.json': serviceFile(), 'admin-token': `${kitter.token}\n` })
    expect(await importing({})).toMatchObject({ code: 0 })
  })

  it('by those in KITTER_DATA_DIR', async () => {
    await leave({ 'service.json': serviceFile(), 'admin-token': kitter.token }, 'elsewhere/data')
    expect(await importing({ KITTER_DATA_DIR: 'elsewhere/data' })).toMatchObject({ code: 0 })
  })

  it('by the environment rather than by files', async () => {
    await leave({ 'service.json': 'nonsense', 'admin-token': 'wrong' })
    expect(await importing({ KITTER_URL: `${kitter.url}/`, KITTER_TOKEN: kitter.token })).toMatchObject({ code: 0 })
  })

  it('by options rather than by the environment', async () => {
    const env = { KITTER_URL: 'http://127.0.0.1:1', KITTER_TOKEN: 'wrong' }
    expect(await importing(env, '--url', kitter.url, '--token', kitter.token)).toMatchObject({ code: 0 })
  })

  it('each half in its own place', async () => {
    await leave({ 'admin-token': kitter.token })
    expect(await importing({ KITTER_TOKEN: '', KITTER_URL: kitter.url })).toMatchObject({ code: 0 })
  })
})

describe('it is said clearly what is missing', () => {
  const refusal = async (env: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await importing(env, ...options)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^kitter: [^\n]+\.\n$/)
    return stderr
  }

  it('when there is no service', async () => {
    const search = 'there is no .kitter/service.json here, and neither --url nor KITTER_URL is given'
    expect(await refusal({})).toBe(
      `kitter: No kitter service was found: ${search}; start one with "npm start", or say where it is.\n`,
    )
  })

  it('when there is no token', async () => {
    await leave({ 'service.json': serviceFile() })
    const sentence = await refusal({})
    expect(sentence).toContain('there is no .kitter/admin-token here, and neither --token nor KITTER_TOKEN is given')
    expect(sentence).toContain('"npm start"')
  })

  it('when a service was there, but nobody answers', async () => {
    await leave({ 'service.json': serviceFile(unusedUrl), 'admin-token': 'token' })
    expect(await refusal({})).toBe(
      `kitter: The service at ${unusedUrl} (from .kitter/service.json) refuses connections: start kitter with "npm start", or say with --url where it is.\n`,
    )
  })

  it('when the file of the service says nothing', async () => {
    for (const content of ['', 'nonsense', '{"pid":1}', '[]']) {
      await leave({ 'service.json': content, 'admin-token': 'token' })
      expect(await refusal({})).toContain('.kitter/service.json does not say where kitter is: start kitter anew')
    }
  })

  it('when the host has no such name', async () => {
    expect(await refusal({ KITTER_TOKEN: 'token' }, '--url', 'http://kitter.invalid')).toMatch(
      /The service at http:\/\/kitter\.invalid \(from --url\) (has a host name that is not known|can not be reached)/,
    )
  })

  it.each(['kitter', 'ftp://127.0.0.1', 'http://127.0.0.1/?a=b', '127.0.0.1:3000'])(
    'when %s is given as a URL',
    async (url) => {
      expect(await refusal({ KITTER_URL: url, KITTER_TOKEN: 'token' })).toBe(
        'kitter: The URL from KITTER_URL must be like http://127.0.0.1:3000 or https://example.com/kitter.\n',
      )
    },
  )

  it('without telling passwords and tokens', async () => {
    const inUrl = await refusal({ KITTER_URL: 'http://jane:hunter2@127.0.0.1', KITTER_TOKEN: 'token' })
    expect(inUrl).toContain('The URL from KITTER_URL must not hold a name or password')
    expect(inUrl).not.toContain('hunter2')
    const twoLines = await refusal({ KITTER_URL: kitter.url, KITTER_TOKEN: 'first\nsecond' })
    expect(twoLines).toBe('kitter: What came from KITTER_TOKEN is not an access token.\n')
  })
})
