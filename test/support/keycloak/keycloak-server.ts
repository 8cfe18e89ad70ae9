import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '#infrastructure/embedded-postgres'
import { guard } from './guard.ts'
import { keycloakCommand } from './keycloak-command.ts'

const betweenAskingMs = 100
const startTimeMs = 120_000
const stopTimeMs = 10_000

export interface KeycloakAccess {
  readonly url: string
  /** Of the realm `master`. */
  readonly adminUser: string
  readonly adminPassword: string
}

export interface KeycloakServer extends KeycloakAccess {
  readonly pid: number
  /** Ends it, and removes what it kept. */
  readonly stop: () => Promise<void>
}

/** A Keycloak of its own: own folder and database in it, free ports of this machine only. */
export async function startKeycloak(java: string, distribution: string): Promise<KeycloakServer> {
  const home = await makeHome(distribution)
  const access = { adminUser: 'admin', adminPassword: randomUUID() }
  const [port, managementPort] = [await freePort(), await freePort()]
  const child = await launch(java, home, [port, managementPort], access)
  const pid = child.pid
  if (pid === undefined) throw new Error(`${java} can't be run`)
  const dismissGuard = guard(pid, home)

  const stop = async (): Promise<void> => {
    await end(child)
    await rm(home, { recursive: true, force: true })
    dismissGuard()
  }
  try {
    await isHealthy(`http://127.0.0.1:${managementPort}/health/ready`, child)
    return { ...access, url: `http://127.0.0.1:${port}`, pid, stop }
  } catch (cause) {
    const log = await readFile(join(home, 'log'), 'utf8')
    await stop()
    throw new Error(`Keycloak didn't start:\n${log}`, { cause })
  }
}

async function makeHome(distribution: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'kitter-keycloak-'))
  for (const part of ['lib', 'providers', 'themes']) await symlink(join(distribution, part), join(home, part))
  for (const folder of ['conf', 'data', 'tmp']) await mkdir(join(home, folder))
  await writeFile(join(home, 'conf/keycloak.conf'), '')
  return home
}

async function launch(
  java: string,
  home: string,
  [port, managementPort]: readonly [number, number],
  { adminUser, adminPassword }: Omit<KeycloakAccess, 'url'>,
): Promise<ChildProcess> {
  const start = [
    ...['start', '--optimized', '--http-enabled=true', '--hostname-strict=false', '--cache=local'],
    ...['--http-host=127.0.0.1', `--http-port=${port}`],
    ...['--http-management-host=127.0.0.1', `--http-management-port=${managementPort}`],
  ]
  const log = await open(join(home, 'log'), 'w')
  const child = spawn(java, [`-Djava.io.tmpdir=${join(home, 'tmp')}`, ...keycloakCommand(home, start)], {
    cwd: home,
    // away from the terminal, whose Ctrl-C would end it before those that use it
    detached: true,
    env: { KC_BOOTSTRAP_ADMIN_USERNAME: adminUser, KC_BOOTSTRAP_ADMIN_PASSWORD: adminPassword },
    stdio: ['ignore', log.fd, log.fd],
  })
  child.on('error', () => undefined)
  child.unref()
  await log.close()
  return child
}

async function isHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startTimeMs
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error('it ended')
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok === true) return
    await pause(betweenAskingMs)
  }
  throw new Error(`it took more than ${startTimeMs} ms`)
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeMs)
  await ended
  clearTimeout(timer)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
