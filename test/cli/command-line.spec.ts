import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

const root = join(import.meta.dirname, '../..')
const program = join(root, 'bin/kitter.js')
const isBuilt = existsSync(join(root, 'dist/apps/cli/main.js'))

const importId = '7b1f3f0e-2a43-4d2c-9a55-6d3c1e8f9b42'

let folder: ScratchFolder

beforeEach(async () => {
  folder = await ScratchFolder.create()
})

afterEach(async () => {
  await folder.remove()
})

const kitter = (...args: readonly string[]) => runKitter(args, { cwd: folder.path })

async function packageVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version
}

describe('the kitter command', () => {
  it('tells its version', async () => {
    expect(await kitter('--version')).toEqual({ code: 0, stdout: `${await packageVersion()}\n`, stderr: '' })
  })

  it.each([
    [['--help'], ['Usage: kitter', 'import', 'reconcile', 'token', '$ kitter import people.csv --create-domains']],
    [
      ['import', '--help'],
      ['Usage: kitter import', '--create-domains', 'username, domain', 'Ctrl-C', '$ kitter import'],
    ],
    [
      ['export', '--help'],
      ['Usage: kitter export', '--domain', 'formulas', '$ kitter export'],
    ],
    [
      ['reconcile', '--help'],
      ['Usage: kitter reconcile', '--apply', 'adopt     make', 'Ctrl-C', '$ kitter reconcile --apply'],
    ],
    [
      ['token', '--help'],
      ['Usage: kitter token', '"kitter-viewer"', '$ kitter token --role kitter-domain-admin'],
    ],
    [
      ['bootstrap', 'keycloak', '--help'],
      ['Usage: kitter bootstrap keycloak', '--dry-run', 'KEYCLOAK_ADMIN_PASSWORD', '(ps)'],
    ],
    [
      ['doctor', '--help'],
      ['Usage: kitter doctor', '--json', 'Exit codes'],
    ],
    [['help', 'import'], ['Usage: kitter import']],
  ])('helps: %j', async (args, parts) => {
    const { code, stdout, stderr } = await kitter(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const part of parts) expect(stdout).toContain(part)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it.each([
    [[], 'Usage: kitter'],
    [['importt'], "kitter: unknown command 'importt'"],
    [['--colour'], "kitter: unknown option '--colour'"],
    [['bootstrap'], 'Usage: kitter bootstrap'],
    [['bootstrap', 'keycloack'], "kitter: unknown command 'keycloack'"],
    [['bootstrap', 'keycloak', '--realm', 'x'], "kitter: required option '--url <url>' not specified"],
    [['import'], "kitter: missing required argument 'file'"],
    [['import', 'a.csv', 'b.csv'], 'kitter: too many arguments'],
    [['import', 'a.csv', '--create-domain'], "kitter: unknown option '--create-domain'"],
    [['reconcile', 'acme.example'], 'kitter: too many arguments'],
    [['reconcile', '--adopt'], "kitter: option '--adopt' needs --apply"],
    [['reconcile', '--delete', '--domain', 'acme.example'], "kitter: option '--delete' needs --apply"],
    [['reconcile', '--yes'], "kitter: option '--yes' needs --apply"],
    [['import', 'a.csv', '--patience', '-1'], 'It must be a whole number of seconds.'],
    [['import', 'a.csv', '--on-existing', 'replace'], 'Allowed choices are skip, update, fail.'],
    [['import', 'a.csv', '--column', 'username'], 'username=Login'],
    [['import', 'a.csv', '--column', 'email=a', '--column', 'email=b'], 'email was said before.'],
    [['import', '--follow', 'latest'], 'It must be the id of an import'],
    [['import', '--follow', importId, '--dry-run'], "option '--follow <id>' cannot be used with option '--dry-run'"],
    [['import', '--resume', importId, '--follow', importId], 'cannot be used with option'],
    [['export', 'a.csv', 'b.csv'], 'kitter: too many arguments'],
    [['export', '--format', 'xlsx'], 'Allowed choices are csv, ndjson.'],
    [['export', '--equals', 'last_name'], 'It must be a field and its text'],
  ])('does not understand %j', async (args, sentence) => {
    const { code, stdout, stderr } = await kitter(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
  })
})

describe('bin/kitter.js', () => {
  const run = promisify(execFile)

  it('may be executed', async () => {
    expect((await stat(program)).mode & 0o111).toBe(0o111)
    expect(await readFile(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('says what to do when kitter is not built', async () => {
    await mkdir(join(folder.path, 'bin'))
    await folder.write('package.json', '{"type":"module"}')
    await copyFile(program, join(folder.path, 'bin/kitter.js'))
    const failure = await run(process.execPath, ['bin/kitter.js'], { cwd: folder.path }).catch(
      (error: unknown) => error,
    )
    const stderr = `kitter: it is not built yet: run "npm run build" in ${folder.path}/\n`
    expect(failure).toMatchObject({ code: 2, stdout: '', stderr })
  })

  it.skipIf(!isBuilt)('runs what is built (skipped without dist)', async () => {
    const { stdout } = await run(process.execPath, [program, '--version'], { cwd: folder.path })
    expect(stdout).toBe(`${await packageVersion()}\n`)
  })
})
