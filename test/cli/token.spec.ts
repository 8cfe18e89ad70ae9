import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeAnswer, FakeKitter, problem } from './fake-kitter.fixture.ts'
import { type Ended, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

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

function token(...args: readonly string[]): Promise<Ended> {
  const env = { KITTER_URL: kitter.url, KITTER_TOKEN: kitter.token }
  return runKitter(['token', ...args], { cwd: folder.path, env })
}

function answering(answer: FakeAnswer): void {
  kitter.before = () => answer
}

describe('kitter token', () => {
  it('prints the token and nothing else', async () => {
    const long = `${'a'.repeat(2000)}.b-_~+/==`
    answering({ status: 200, body: { access_token: long, token_type: 'Bearer' } })
    const args = ['--role', 'kitter-domain-admin', '--domain', 'acme.example', '--lifetime', '60']
    expect(await token(...args)).toEqual({ code: 0, stdout: `${long}\n`, stderr: '' })
    const [request] = kitter.requests
    expect(request).toMatchObject({ method: 'POST', path: '/realms/kitter/protocol/openid-connect/token' })
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(String(request?.body)))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'kitter-cli',
      subject_token: kitter.token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      role: 'kitter-domain-admin',
      domain: 'acme.example',
      lifetime: '60',
    })
  })

  it('asks for no more than it is told to', async () => {
    answering({ status: 200, body: { access_token: 'new.token' } })
    await token('--role', 'kitter-viewer')
    const form = new URLSearchParams(String(kitter.requests[0]?.body))
    expect([...form.keys()]).not.toContain('domain')
    expect([...form.keys()]).not.toContain('lifetime')
  })

  it('says where tokens come from when the service is not on the sandbox', async () => {
    const ended = await token('--role', 'kitter-admin')
    const sentence = `The service at ${kitter.url} does not run on the sandbox, and only that gives tokens: get one from its Keycloak.`
    expect(ended).toEqual({ code: 2, stdout: '', stderr: `kitter: ${sentence}\n` })
  })

  it.each([
    [
      "OAuth's words",
      { status: 400, body: { error: 'invalid_grant', error_description: 'It has expired.' } },
      'It has expired.',
    ],
    ["OAuth's code alone", { status: 400, body: { error: 'invalid_grant' } }, 'invalid_grant.'],
    ["kitter's words", problem(503, 'service.unavailable', 'It stops.'), 'It stops.'],
    ['no token', { status: 200, body: { access_token: 'a\u001b[2Jb' } }, 'it answered 200 without saying why.'],
    ['no words', { status: 200, body: '<html>' }, 'it answered 200 without saying why.'],
  ])('tells in %s why there is none', async (_name, answer, reason) => {
    answering(answer)
    const ended = await token('--role', 'kitter-admin')
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `kitter: The service at ${kitter.url} gave no token: ${reason}\n`,
    })
  })

  it('shows neither the token it has nor control characters', async () => {
    answering({ status: 400, body: { error: 'x', error_description: `\u001b[31m${kitter.token}\r\nis bad` } })
    const { stderr } = await token('--role', 'kitter-admin')
    expect(stderr).toBe(`kitter: The service at ${kitter.url} gave no token: [31m… is bad.\n`)
  })

  it('says so when nobody answers', async () => {
    await kitter.close()
    const { code, stderr } = await token('--role', 'kitter-admin')
    expect(code).toBe(2)
    expect(stderr).toContain(
      `The service at ${kitter.url} (from KITTER_URL) refuses connections: start kitter with "npm start"`,
    )
  })

  it.each([
    [['--role', 'kitter-domain-admin'], 'kitter: The role kitter-domain-admin needs --domain.\n'],
    [['--role', 'king'], "kitter: option '--role <role>' argument 'king' is invalid."],
    [[], "kitter: required option '--role <role>' not specified"],
    [['--role', 'kitter-admin', '--lifetime', 'long'], 'It must be a whole number of seconds.'],
  ])('asks nobody when called with %j', async (args, sentence) => {
    const { code, stdout, stderr } = await token(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(kitter.requests).toEqual([])
  })
})
