import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'

const run = promisify(execFile)

it('docs/idempotency.md shows lines that work as they are written', async () => {
  await using kitter = await TestKitter.start()
  const page = await readFile(join(import.meta.dirname, '../../docs/idempotency.md'), 'utf8')
  const script = /^```sh\n(.*?)^```/ms.exec(page)?.[1]?.replaceAll('.kitter/', `${kitter.dataDir}/`) ?? ''
  const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { env: { PATH } })
  expect(stdout.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 201'])
  expect(stdout.match(/^idempotency-replayed: \w+/gm)).toEqual([
    'idempotency-replayed: false',
    'idempotency-replayed: true',
  ])
  const bodies = stdout.match(/^\{"user".*?\}\}/gm) ?? []
  expect([bodies.length, new Set(bodies).size]).toEqual([2, 1])
  expect((await kitter.call('GET', '/users')).body.total).toBe(1)
})
