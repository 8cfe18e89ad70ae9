import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'
import { type Ended, KitterCommand, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

let kitter: TestKitter
let sandbox: pg.Client
let folder: ScratchFolder

beforeEach(async () => {
  kitter = await TestKitter.start()
  sandbox = new pg.Client({ connectionString: kitter.databaseUrl })
  await sandbox.connect()
  await kitter.createDomain('acme.example')
  await kitter.createDomain('globex.example')
  folder = await ScratchFolder.create()
})

afterEach(async () => {
  await folder.remove()
  await sandbox.end()
  await kitter[Symbol.asyncDispose]()
})

const access = () => ['--url', kitter.url, '--token', kitter.adminToken]

function reconcile(...args: readonly string[]): Promise<Ended> {
  return runKitter(['reconcile', ...args, ...access()], { cwd: folder.path })
}

async function drift(sql: string, ...values: readonly string[]): Promise<void> {
  expect((await sandbox.query(sql, [...values])).rowCount).toBe(1)
}

it('finds what drifted apart, mends it, and then finds nothing', async () => {
  await kitter.createUser('alice', { email: 'alice@mail.example', attributes: { domain: 'acme.example' } })
  const bob = await kitter.createUser('bob', { attributes: { domain: 'globex.example' } })
  const email = 'alice@new.example'
  await drift("UPDATE sandbox.accounts SET email = $1, email_key = $1 WHERE login_name = 'alice'", email)
  await drift("DELETE FROM sandbox.wac_users WHERE username = 'bob'")

  const looked = await reconcile()
  expect(looked).toMatchObject({ code: 1, stderr: '' })
  expect(looked.stdout).toMatch(/^user alice \(acme\.example\) +align +found +email: Keycloak alice@new\.example · /m)
  expect(looked.stdout).toMatch(/^user bob \(globex\.example\) +restore +found +missing in wac-core$/m)
  expect(looked.stdout).toMatch(/^2 differences found at [^ ]+\.\nWhat may mend them: --apply \(2\)\.\n$/m)

  const ofOne = await reconcile('--domain', 'acme.example', '--apply', '--yes')
  expect(ofOne).toMatchObject({ code: 0, stderr: '' })
  expect(ofOne.stdout).toMatch(/^user alice \(acme\.example\) +align +mended +email: /m)
  expect(ofOne.stdout).toMatch(/^1 difference found at [^ ]+: 1 mended\.$/m)

  expect(await reconcile('--apply', '--yes')).toMatchObject({ code: 0 })
  expect(await reconcile()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing differs at /) })
  expect((await kitter.call('GET', `/users/${bob.id}`)).body).toMatchObject({ user: { username: 'bob' } })
  const users = await kitter.call('GET', `/users?email=${email}`)
  expect(users.body).toMatchObject({ total: 1 })
})

it('leaves what kitter never made, until that is asked for', async () => {
  await drift(
    "INSERT INTO sandbox.accounts (id, login_name, login_key, email_verified, enabled, attributes) VALUES (gen_random_uuid(), 'eve', 'eve', false, true, '{}')",
  )
  const left = await reconcile('--apply', '--yes')
  expect(left.code).toBe(1)
  expect(left.stdout).toMatch(/^user eve.* +adopt +left +missing in wac-core and kitter\n +because: /m)
  expect(left.stdout).toContain(': 1 left as they are.\nWhat may mend them: --apply --adopt (1).\n')
  const adopted = await reconcile('--apply', '--adopt', '--yes')
  expect(adopted).toMatchObject({ code: 0, stdout: expect.stringContaining(': 1 mended.\n') })
})

it('does not look at a domain that is not there', async () => {
  const ended = await reconcile('--domain', 'nowhere.example')
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/^kitter: The request is not valid: scope [^\n]*\.\n$/)
})

it('needs the role kitter-admin', async () => {
  const token = await kitter.token('kitter-domain-admin', 'acme.example')
  const ended = await runKitter(['reconcile', '--url', kitter.url, '--token', token], { cwd: folder.path })
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toContain('does not let the token from --token do this: ')
})

it('cancels it, and tells others meanwhile which one is running', async () => {
  await sandbox.query('BEGIN')
  await sandbox.query('LOCK TABLE sandbox.accounts IN ACCESS EXCLUSIVE MODE')
  const command = new KitterCommand(['reconcile', ...access()], { cwd: folder.path })
  await command.shows('stderr', /^Reading Keycloak: 0 accounts\n/m)
  const other = await reconcile()
  expect(other).toMatchObject({ code: 2, stdout: '' })
  expect(other.stderr).toMatch(/^kitter: Another .* It is [\da-f-]{36}, started by [^\n]+ at 2[^\n]+Z\.\n$/)
  command.child.kill('SIGINT')
  expect(await command.ended()).toMatchObject({
    code: 130,
    stdout: expect.stringMatching(/^The reconciliation was cancelled\. No difference was found/),
  })
  await sandbox.query('ROLLBACK')
  expect((await kitter.call('GET', '/reconciliations')).body.reconciliations[0].state).toBe('cancelled')
})
