import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const kitterCommand = `node --conditions=source ${join(root, 'apps/cli/main.ts')}`

it('docs/importing.md shows lines that work as they are written', { timeout: 60_000 }, async () => {
  await using resources = new AsyncDisposableStack()
  const kitter = resources.use(await TestKitter.start())
  const cwd = await mkdtemp(join(tmpdir(), 'kitter-importing-'))
  resources.defer(() => rm(cwd, { recursive: true }))
  await symlink(kitter.dataDir, join(cwd, '.kitter'))
  const page = await readFile(join(root, 'docs/importing.md'), 'utf8')
  const [api = '', imports = '', exports = ''] = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block)
  const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
  const output = async (block: string): Promise<readonly string[]> => {
    const script = block.replaceAll('npx kitter', kitterCommand)
    const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { env: { PATH }, cwd })
    return stdout.trimEnd().split('\n')
  }

  const header = 'row,line,outcome,code,sentence,username'
  expect(await output(api)).toEqual([
    header,
    '2,3,refused,request.invalid,The row is not valid: email must be an email address.,bob',
    header,
    '1,2,created,,,alice',
    '3,4,created,,,carol',
  ])
  expect(await kitter.logIn('alice', 'correct horse')).toHaveProperty('access_token')
  expect((await kitter.call('GET', '/users/acme.example/carol')).body.attributes.team).toEqual(['Support', 'Sales'])

  const told = await output(imports)
  expect(told.filter((line) => /^(\d|Nothing)/.test(line))).toEqual([
    expect.stringMatching(/^Nothing was changed, for this is a dry run\. 3 rows read from people\.csv/),
    '2    3     bob       request.invalid  The row is not valid: email must be an email address.',
    expect.stringMatching(/^3 rows read from people\.csv/),
    '2    3     bob       request.invalid  The row is not valid: email must be an email address.',
    expect.stringMatching(/^1 row read from people\.refused\.csv/),
  ])
  expect(told).toContain('  1 created')
  expect(told).toContain('  2 already there')

  await output(exports)
  const lines = async (name: string): Promise<number> => (await textOf(join(cwd, name))).trimEnd().split('\n').length
  expect([await lines('everybody.csv'), await lines('acme.ndjson'), await lines('support.csv.gz')]).toEqual([4, 3, 3])
})

async function textOf(path: string): Promise<string> {
  const content = await readFile(path)
  return (path.endsWith('.gz') ? gunzipSync(content) : content).toString()
}
