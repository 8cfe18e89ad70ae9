import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { variables } from '../../apps/kitter/configuration.ts'
import { TestKitter } from '../support/test-kitter.ts'

const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8')
const run = promisify(execFile)

/** The shell blocks of one section, as they are written. */
function shellOf(heading: string): string {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? ''
  return [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block).join('\n')
}

describe('the README', () => {
  let kitter: TestKitter
  let folder: string

  beforeAll(async () => {
    kitter = await TestKitter.start()
    folder = await mkdtemp(join(tmpdir(), 'kitter-readme-'))
    await symlink(kitter.dataDir, join(folder, '.kitter'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await kitter[Symbol.asyncDispose]()
  })

  it('walks through the API with lines that work as they are written', async () => {
    const script = shellOf('A walk through the API')
    const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
    const { stdout, stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      cwd: folder,
      env: { PATH },
    })

    expect(stdout).toContain('"total":1')
    expect(stdout).toContain('"attributes":{"domain":"example.com","phone_number":"+34 612 345 678"}')
    expect(stdout).toContain('"attributes":{"domain":"example.com","team":"support"}')
    expect(stdout).toContain('"last_name":"Liddell"')
    // two answers, and of one of them the audit trail
    expect(stdout.match(/"logged_out":0/g)).toHaveLength(3)
    expect(stdout).toMatch(/"action":"user.logout".*"action":"user.update".*"action":"user.create"/)
    expect(stdout).toContain('"path":"user.username"')
    expect(stdout).toContain('"path":"user.email"')
    expect(stderr).toBe('curl: (22) The requested URL returned error: 400\n')
    const users = await kitter.call('GET', '/users')
    expect(users.body.total).toBe(0)
  })

  it('names the settings that kitter reads, and no others', () => {
    const section = readme.split(/^## /m).find((text) => text.startsWith('Configuration')) ?? ''
    const rows = section.split('\n').filter((line) => line.startsWith('| `'))
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name))
    expect(named.filter((name) => name === undefined || !variables.includes(name))).toEqual([])
    expect(named.length).toBeGreaterThan(10)
  })
})
