import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'

const run = promisify(execFile)

it('docs/importing.md shows lines that work as they are written', { timeout: 60_000 }, async () => {
  await using resources = new AsyncDisposableStack()
  const kitter = resources.use(await TestKitter.start())
  const cwd = await mkdtemp(join(tmpdir(), 'kitter-importing-'))
  resources.defer(() => rm(cwd, { recursive: true }))
  const page = await readFile(join(import.meta.dirname, '../../docs/importing.md'), 'utf8')
  const script = /^```sh\n(.*?)^```/ms.exec(page)?.[1]?.replaceAll('.kitter/', `${kitter.dataDir}/`) ?? ''
  const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { env: { PATH }, cwd })
  const header = 'row,line,outcome,code,sentence,username'
  expect(stdout.trimEnd().split('\n')).toEqual([
    header,
    '2,3,refused,request.invalid,The row is not valid: email must be an email address.,bob',
    header,
    '1,2,created,,,alice',
    '3,4,created,,,carol',
  ])
  expect(await kitter.logIn('alice', 'correct horse')).toHaveProperty('access_token')
  expect((await kitter.call('GET', '/users/acme.example/carol')).body.attributes.team).toEqual(['Support', 'Sales'])
})
