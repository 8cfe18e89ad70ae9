import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { KazooClient } from '../wire/kazoo/kazoo-client.fixture.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** In the place of a Kazoo stands another kitter, whose documents are the same. */
it('docs/dialects/kazoo.md shows how to move over as it works', { timeout: 120_000 }, async () => {
  await using resources = new AsyncDisposableStack()
  const [old, kazoo] = await Promise.all([
    KazooClient.start({ LOGIN_NAMES: 'domain' }),
    KazooClient.start({ LOGIN_NAMES: 'domain' }),
  ])
  resources.use(old)
  resources.use(kazoo)
  const account = await old.account()
  const ann = await old.user(account, { username: 'ann', call_forward: { enabled: true, number: '+34612345678' } })
  await old.user(account, { last_name: 'Zulu', username: 'bob', email: 'bob@old.example', enabled: false })
  const cwd = await mkdtemp(join(tmpdir(), 'kitter-moving-'))
  resources.defer(() => rm(cwd, { recursive: true }))
  await symlink(kazoo.kitter.dataDir, join(cwd, '.kitter'))

  const page = await readFile(join(root, 'docs/dialects/kazoo.md'), 'utf8')
  const [, block = ''] = /^## Moving over.*?^```sh\n(.*?)^```/ms.exec(page) ?? []
  const [fetching = '', importing = ''] = block.split(/^(?=# what would)/m)
  // Kazoo lets through what kitter doesn't
  const broken = `sed -i 's/bob@old.example/not an address/' kazoo-export.json\n`
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    KAZOO: `${old.kitter.url}/v2`,
    ACCOUNT: account.id,
    TOKEN: old.kitter.adminToken,
  }
  const command = `node --conditions=source ${join(root, 'apps/cli/main.ts')}`
  const script = `${fetching}${broken}${importing}`.replaceAll('npx kitter', command)
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { env, cwd })

  const told = stdout.split('\n')
  const refused =
    '2    2     bob       request.invalid  The row is not valid: email Field is not in the correct format.'
  expect(told.filter((line) => /^(\d|Nothing)/.test(line))).toEqual([
    expect.stringMatching(/^Nothing was changed, for this is a dry run\. 2 rows read from kazoo-export\.json/),
    refused,
    expect.stringMatching(/^2 rows read from kazoo-export\.json/),
    refused,
    expect.stringMatching(/^1 row read from kazoo-export\.refused\.ndjson/),
  ])
  const found = await kazoo.kitter.call('GET', '/domains?name=acme.example')
  const users = `/v2/accounts/00000000${String(found.body.domains[0].id)}/users`
  const list = (await kazoo.call('GET', users)).body.data as { id: string; username: string }[]
  const idOf = (name: string): string => list.find(({ username }) => username === name)?.id ?? ''
  const [before, after] = [await old.call('GET', ann), await kazoo.call('GET', `${users}/${idOf('ann')}`)]
  expect(after.body.data).toEqual({ ...before.body.data, id: idOf('ann') })
  const bob = await kazoo.call('GET', `${users}/${idOf('bob')}`)
  expect(bob.body.data).toMatchObject({ email: 'bob@acme.example', enabled: false })
})
