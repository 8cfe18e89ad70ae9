import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { configurationFrom, variables } from '../../apps/kitter/configuration.ts'
import { systemsOf } from '../../apps/kitter/systems.ts'
import { connectDatabase } from '#infrastructure/postgres'
import { TableName } from '#infrastructure/sip-proxy'
import { TestKitter } from '../support/test-kitter.ts'

const root = join(import.meta.dirname, '../..')
const guide = await readFile(join(root, 'docs/operating.md'), 'utf8')
const run = promisify(execFile)

/** What others read: Node, the `kitter` command, and those of docker-compose.yml. */
const others = ['NODE_EXTRA_CA_CERTS', 'KITTER_URL', 'KITTER_TOKEN', 'KEYCLOAK_ADMIN_PASSWORD']

/** As links name them. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

describe('The guide for operators', () => {
  it('names settings that are there', async () => {
    const compose = await readFile(join(root, 'docker-compose.yml'), 'utf8')
    const secrets = [...compose.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    const named = new Set(guide.match(/\b[A-Z]+(_[A-Z]+)+\b/g))
    const known = [...variables, ...others, ...secrets, 'ADMIN_EDIT']
    expect([...named].filter((name) => !known.includes(name))).toEqual([])
    expect(named.size).toBeGreaterThan(15)
  })

  it('names commands and options of kitter that are there', async () => {
    const lines = guide.matchAll(/^\s*kitter (bootstrap keycloak|import|doctor)(?= |$)(.*)$/gm)
    let checked = 0
    for (const [, command = '', rest = ''] of lines) {
      const { stdout } = await run(process.execPath, [join(root, 'bin/kitter.js'), ...command.split(' '), '--help'])
      for (const option of rest.match(/--[\w-]+/g) ?? []) expect(stdout, command).toContain(`${option} `.trimEnd())
      checked += 1
    }
    expect(checked).toBeGreaterThanOrEqual(3)
  })

  it('tells what works while a system is away, for each that the readiness asks', async () => {
    const databaseUrl = 'postgres://kitter@127.0.0.1:1/kitter'
    const configuration = configurationFrom({
      ...{ KEYCLOAK_URL: 'http://127.0.0.1:1', KEYCLOAK_REALM: 'kitter', KEYCLOAK_CLIENT_SECRET: 'word' },
      ...{ WAC_CORE_URL: 'http://127.0.0.1:1/sapi', WAC_CORE_TOKEN: 'word' },
      ...{ CALLER_ID_ENABLED: 'on', HTABLE_DATABASE_URL: databaseUrl, SIP_PROXY_URL: 'http://127.0.0.1:1/RPC' },
    })
    const database = connectDatabase({ url: databaseUrl, name: 'It', purpose: 'test' })
    const { probes } = systemsOf(configuration, { databaseUrl, htable: { database, table: TableName.stock } })
    await database.close()
    const rows = [...guide.matchAll(/^\| [^|]*\(`([\w-]+)`\) +\| ([^|]*\S) +\|/gm)].map(([, name, said]) => [
      name,
      said,
    ])
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(probes.map(({ name, essential }) => [name, essential ? '503' : '200, `degraded`'])),
    )
    expect(rows).toHaveLength(4)
  })

  it('links to files and headings that are there', async () => {
    const links = [...guide.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? '')
    for (const link of links) {
      const [file = '', heading] = link.split('#')
      const place = file === '' ? join(root, 'docs/operating.md') : join(root, 'docs', file)
      await expect(stat(place), link).resolves.toBeDefined()
      if (heading !== undefined) expect(headingsOf(await readFile(place, 'utf8')), link).toContain(heading)
    }
  })

  it('names metrics that are there', async () => {
    await using kitter = await TestKitter.start()
    await kitter.call('GET', '/users')
    const metrics = await (await fetch(`${kitter.url}/metrics`)).text()
    const named = new Set(guide.match(/\bkitter_[a-z_]+/g))
    expect(named.size).toBeGreaterThanOrEqual(4)
    for (const name of named) expect(metrics).toMatch(new RegExp(`^# TYPE ${name.replace(/_bucket$/, '')} `, 'm'))
  })

  it('asks for the rights on the htable that docker-compose.yml gives', async () => {
    const script = await readFile(join(root, 'deploy/postgres/create-databases.sh'), 'utf8')
    const grants = guide.match(/^GRANT .*;$/gm) ?? []
    expect(grants.length).toBe(3)
    for (const grant of grants) expect(script).toContain(grant)
  })

  it("shows Kamailio's configuration as it is tested", async () => {
    const config = await readFile(join(root, 'deploy/kamailio/kamailio.cfg'), 'utf8')
    const shown = /^```\n(listen=.*?)^```$/ms.exec(guide)?.[1] ?? ''
    const said = (text: string) => text.replaceAll(/\s+/g, ' ')
    const lines = shown.split('\n').filter((line) => /^(loadmodule|modparam\("(jsonrpcs|htable", "htable"))/.test(line))
    expect(lines.length).toBe(9)
    for (const line of lines) expect(config).toContain(line)
    expect(said(config)).toContain(said(shown.slice(shown.indexOf('event_route'))).trim())
  })
})
