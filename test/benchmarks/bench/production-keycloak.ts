import { execFile, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, open, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '#infrastructure/embedded-postgres'
import { until } from '../../e2e/until.fixture.ts'
import { findJava } from '../../support/keycloak/find-java.ts'
import { guard } from '../../support/keycloak/guard.ts'
import { keycloakDistribution } from '../../support/keycloak/keycloak-distribution.ts'
import type { KeycloakAccess } from '../../support/keycloak/keycloak-server.ts'
import { endGroup } from './end-group.ts'

export interface ProductionKeycloak extends KeycloakAccess {
  /** Of the Java machine. */
  readonly pid: number
}

const build = ['build', '--db=postgres', '--health-enabled=true']
/** As in a container of 3 GB. */
const heap = '-Xms1g -Xmx2g'
/** On a machine that is busy with something else. */
const longestStartMs = 600_000

/**
 * Keycloak as in production: its own script with its own JVM options, built for Postgres, over HTTP. Unlike the one of the
 * tests, whose Java compiles less, and whose database is a file.
 */
export async function startProductionKeycloak(
  databaseUrl: string,
  resources: AsyncDisposableStack,
): Promise<ProductionKeycloak> {
  const java = findJava(process.env)
  if (java === undefined) throw new Error('Keycloak needs Java 17 or newer.')
  const environment = { ...process.env, JAVA: java }
  const home = await makeHome(await distributionFor(environment, java))
  const access = { adminUser: 'admin', adminPassword: randomUUID() }
  const [port, managementPort] = [await freePort(), await freePort()]
  const log = await open(join(home, 'log'), 'w')
  const child = spawn(join(home, 'bin/kc.sh'), startOptions(port, managementPort), {
    detached: true,
    env: { ...environment, JAVA_OPTS_KC_HEAP: heap, ...databaseSettings(databaseUrl), ...administrator(access) },
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  const group = child.pid ?? 0
  const dismissGuard = guard(-group, home)
  resources.defer(async () => {
    await endGroup(child)
    await rm(home, { recursive: true, force: true })
    dismissGuard()
  })
  await until(
    'Keycloak is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`Keycloak has ended:\n${await readFile(join(home, 'log'), 'utf8')}`)
      return (await fetch(`http://127.0.0.1:${managementPort}/health/ready`).catch(() => undefined))?.ok
    },
    longestStartMs,
  )
  return { ...access, url: `http://127.0.0.1:${port}`, pid: await childOf(group) }
}

function startOptions(port: number, managementPort: number): readonly string[] {
  return [
    ...['start', '--optimized', '--http-enabled=true', '--hostname-strict=false', '--cache=local'],
    ...['--http-host=127.0.0.1', `--http-port=${port}`],
    ...['--http-management-host=127.0.0.1', `--http-management-port=${managementPort}`],
  ]
}

function databaseSettings(databaseUrl: string): Readonly<Record<string, string>> {
  const { host, pathname, username, password } = new URL(databaseUrl)
  return {
    KC_DB_URL: `jdbc:postgresql://${host}${pathname}`,
    KC_DB_USERNAME: decodeURIComponent(username),
    KC_DB_PASSWORD: decodeURIComponent(password),
  }
}

function administrator({ adminUser, adminPassword }: Omit<KeycloakAccess, 'url'>): Readonly<Record<string, string>> {
  return { KC_BOOTSTRAP_ADMIN_USERNAME: adminUser, KC_BOOTSTRAP_ADMIN_PASSWORD: adminPassword }
}

/** Built once for Postgres from that of the tests, and kept beside it. */
async function distributionFor(environment: NodeJS.ProcessEnv, java: string): Promise<string> {
  const source = await keycloakDistribution(java, environment)
  const hash = createHash('sha256')
    .update(JSON.stringify([build, source]))
    .digest('hex')
    .slice(0, 8)
  const cache = join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kitter')
  const target = join(cache, `keycloak-postgres-${hash}`)
  if (existsSync(target)) return target

  await using resources = new AsyncDisposableStack()
  const staging = join(cache, `unfinished-${randomUUID()}`)
  resources.defer(() => rm(staging, { recursive: true, force: true }))
  await cp(source, staging, { recursive: true })
  const { KEYCLOAK_HOME = '' } = environment
  if (KEYCLOAK_HOME !== '') await cp(join(KEYCLOAK_HOME, 'bin'), join(staging, 'bin'), { recursive: true })
  await promisify(execFile)(join(staging, 'bin/kc.sh'), build, { env: environment, maxBuffer: 16 * 1024 * 1024 })
  await rename(staging, target)
  return target
}

/** What it writes stays in a folder of its own. */
async function makeHome(distribution: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'kitter-bench-keycloak-'))
  for (const part of ['lib', 'providers', 'themes']) await symlink(join(distribution, part), join(home, part))
  // the script looks for the rest beside itself
  await cp(join(distribution, 'bin'), join(home, 'bin'), { recursive: true })
  for (const folder of ['conf', 'data']) await mkdir(join(home, folder))
  return home
}

/** The script stays, and starts Java. */
async function childOf(parent: number): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(join('/proc', name, 'stat'), 'utf8').catch(() => '')
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) return Number(name)
  }
  throw new Error(`the process ${parent} has no child in ${dirname('/proc/')}`)
}
