import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { fetchArchive, keycloakVersion, unpack } from './keycloak-archive.ts'
import { keycloakCommand } from './keycloak-command.ts'

const run = promisify(execFile)

// what is decided when Keycloak is built: decided once, a start takes 7 s instead of 25
const build = ['build', '--db=dev-file', '--health-enabled=true']
const parts = ['lib', 'providers', 'themes']
const abandonedAfterMs = 3_600_000

/**
 * The folder of a Keycloak that is built, and that nobody writes to: that of KEYCLOAK_HOME, or of Maven Central, copied
 * and built once, and kept among the caches of this user.
 */
export async function keycloakDistribution(java: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { KEYCLOAK_HOME = '', XDG_CACHE_HOME = join(homedir(), '.cache') } = env
  const cache = join(XDG_CACHE_HOME, 'kitter')
  const target = join(cache, await nameOf(KEYCLOAK_HOME))
  if (existsSync(target)) return target

  await mkdir(cache, { recursive: true })
  await removeAbandoned(cache)
  const staging = join(cache, `unfinished-${randomUUID()}`)
  try {
    const home = KEYCLOAK_HOME === '' ? await fromMaven(staging, env) : await copyOf(KEYCLOAK_HOME, staging)
    await run(java, keycloakCommand(home, build), { maxBuffer: 16 * 1024 * 1024 })
    await rename(home, target).catch((error: unknown) => {
      // another test run was as quick
      if (!existsSync(target)) throw error
    })
    return target
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function fromMaven(staging: string, env: NodeJS.ProcessEnv): Promise<string> {
  await unpack(await fetchArchive(env), staging)
  return join(staging, `keycloak-${keycloakVersion}`)
}

async function copyOf(home: string, staging: string): Promise<string> {
  for (const part of parts) await cp(join(home, part), join(staging, basename(home), part), { recursive: true })
  await mkdir(join(staging, basename(home), 'conf'))
  return join(staging, basename(home))
}

async function nameOf(home: string): Promise<string> {
  const about = [...build, home, home === '' ? '' : (await stat(join(home, 'lib/quarkus-run.jar'))).mtimeMs]
  const hash = createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 8)
  return `keycloak-${home === '' ? keycloakVersion : 'home'}-${hash}`
}

/** What a run that was killed has left. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('unfinished-')) continue
    const { mtimeMs } = await stat(join(cache, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(join(cache, name), { recursive: true, force: true })
  }
}
