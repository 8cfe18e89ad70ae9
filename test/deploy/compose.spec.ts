import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { configurationFrom, variables } from '../../apps/kitter/configuration.ts'
import { checkout } from '../e2e/service-process.fixture.ts'
import { Scene } from '../e2e/scene.fixture.ts'
import { describeWith } from '../support/real.ts'
import { checkedBy } from './checked-by.fixture.ts'
import { environmentOf, readStages } from './container-file.fixture.ts'
import { readYaml, type Yaml } from './yaml-files.fixture.ts'

const run = promisify(execFile)
const file = 'docker-compose.yml'
const text = await readFile(join(checkout, file), 'utf8')
const [compose] = await readYaml(file)
const services: Record<string, Yaml> = compose.services
const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as { version: string }

/** What a service waits for, and what those wait for, and so on. */
function waitsFor(name: string): readonly string[] {
  const next = Object.keys(services[name].depends_on ?? {})
  return next.flatMap((other) => [other, ...waitsFor(other)])
}

/** The environment of a service, its secrets replaced by a word. */
function settingsOf(name: string): Record<string, string> {
  const entries = Object.entries<string>(services[name].environment)
  return Object.fromEntries(entries.map(([key, value]) => [key, value.replaceAll(/\$\{\w+:\?[^}]*\}/g, 'word')]))
}

describe('docker-compose.yml', () => {
  it('gives kitter settings that it accepts, every system among them', async () => {
    const settings = settingsOf('kitter')
    expect(Object.keys(settings).filter((name) => !variables.includes(name))).toEqual([])
    const last = (await readStages()).at(-1)
    const ofImage = last === undefined ? {} : environmentOf(last)
    expect(() => configurationFrom({ ...ofImage, ...settings })).not.toThrow()
    expect(Object.keys(settings)).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'KEYCLOAK_URL', 'WAC_CORE_URL', 'HTABLE_DATABASE_URL', 'SIP_PROXY_URL']),
    )
  })

  it('starts in order: each waits for the health of what it needs', () => {
    expect(new Set(waitsFor('kitter'))).toEqual(new Set(['postgres', 'keycloak', 'bootstrap', 'wac-core', 'kamailio']))
    for (const [name, { depends_on }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries<Yaml>(depends_on ?? {})) {
        const isJob = services[other].restart === 'no'
        expect(condition, `${name} → ${other}`).toBe(isJob ? 'service_completed_successfully' : 'service_healthy')
      }
    }
  })

  it('can tell the health of every service', async () => {
    const built: Record<string, string> = { kamailio: 'deploy/kamailio/Dockerfile', kitter: 'Dockerfile' }
    for (const [name, { healthcheck }] of Object.entries(services)) {
      if (healthcheck !== undefined) continue
      expect(await readFile(join(checkout, built[name] ?? ''), 'utf8')).toContain('\nHEALTHCHECK ')
    }
  })

  it('reaches every service at a host that is there', () => {
    const urls = Object.keys(services).flatMap((name) =>
      Object.values(settingsOf(name)).filter((value) => /:\/\//.test(value)),
    )
    const hosts = urls.map((url) => new URL(url.replace('jdbc:', '')).hostname)
    expect([...new Set(hosts)].filter((host) => host !== 'localhost' && !(host in services))).toEqual([])
    expect(hosts.length).toBeGreaterThan(8)
  })

  it('pins every image', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+\.\d+(\.\d+)?[\w.-]*$/)
    expect(services['kitter'].image).toBe(`kitter:${version}`)
  })

  it('publishes ports to this machine only, and no database and no JSON-RPC', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port: string) => [name, port]),
    )
    expect(published).toEqual([
      ['keycloak', '127.0.0.1:8080:8080'],
      ['kitter', '127.0.0.1:3000:3000'],
    ])
  })

  it('holds no secret, and the command that makes them makes all', { timeout: 60_000 }, async () => {
    const asked = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))
    const secrets = Object.values(services).flatMap(({ environment }) =>
      Object.entries<string>(environment).filter(([name]) => /PASSWORD|SECRET|TOKEN$|DATABASE_URL/.test(name)),
    )
    for (const [name, value] of secrets) expect(value, name).toMatch(/\$\{\w+:\?/)

    await using scene = new Scene()
    const folder = await scene.folder()
    const guide = await readFile(join(checkout, 'docs/operating.md'), 'utf8')
    const command = /^\(umask 077.*?compose\.env\)$/ms.exec(guide)?.[0] ?? 'false'
    await run('bash', ['-euc', command], { cwd: folder })
    const made = (await readFile(join(folder, 'compose.env'), 'utf8')).trim().split('\n')
    expect(new Set(made.map((line) => line.split('=')[0]))).toEqual(asked)
    for (const line of made) expect(line).toMatch(/^\w+=[0-9a-f]{48}$/)
  })

  it('runs what it builds without rights, on a file system that is read only', () => {
    for (const name of ['kitter', 'bootstrap', 'wac-core', 'kamailio']) {
      const { read_only, cap_drop, security_opt, privileged } = services[name]
      expect({ read_only, cap_drop, security_opt, privileged }).toEqual({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        privileged: undefined,
      })
    }
  })

  it('gives no rights to Keycloak, which needs none', () => {
    const { cap_drop, security_opt, privileged } = services['keycloak']
    expect({ cap_drop, security_opt }).toEqual({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    expect(privileged).toBeUndefined()
  })
})

describeWith('compose-spec', 'docker-compose.yml, read by the Compose specification', (python) => {
  const check = 'import sys, compose_spec; compose_spec.PyCompose.from_json(sys.stdin.read()).validate()'

  it('is valid', async () => {
    expect(await checkedBy(python, ['-c', check], JSON.stringify({ ...compose }))).toEqual({ isFine: true, said: '' })
  })

  it('and a bad one is noticed', async () => {
    const bad = { ...compose, services: { ...services, kitter: { ...services['kitter'], imagge: 'x' } } }
    expect((await checkedBy(python, ['-c', check], JSON.stringify(bad))).said).toContain('imagge')
  })
})
