import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const keycloakVersion = '26.7.4'

/** Where Maven keeps Keycloak's archive, or will. */
export function archivePath(env: NodeJS.ProcessEnv): string {
  const { MAVEN_ARGS = '', MAVEN_OPTS = '' } = env
  const given = /-Dmaven\.repo\.local=(\S+)/.exec(`${MAVEN_ARGS} ${MAVEN_OPTS}`)?.[1]
  const folder = join(given ?? join(homedir(), '.m2/repository'), 'org/keycloak/keycloak-quarkus-dist', keycloakVersion)
  return join(folder, `keycloak-quarkus-dist-${keycloakVersion}.zip`)
}

/** Whether the archive is here, or Maven is, which fetches it. */
export function canHaveArchive(env: NodeJS.ProcessEnv): boolean {
  return existsSync(archivePath(env)) || spawnSync('mvn', ['--version'], { env }).status === 0
}

/** The archive's path; Maven fetches it from Maven Central the first time. */
export async function fetchArchive(env: NodeJS.ProcessEnv): Promise<string> {
  const archive = archivePath(env)
  if (existsSync(archive)) return archive
  const repository = archive.slice(0, archive.indexOf('/org/keycloak/'))
  const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`
  const get = ['dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false', `-Dmaven.repo.local=${repository}`]
  await run('mvn', ['--batch-mode', '--quiet', ...get], { env })
  return archive
}

/** Unpacks with whatever of its kind is on this machine. */
export async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const commands: readonly (readonly [string, ...string[]])[] = [
    ['unzip', '-q', archive],
    ['bsdtar', '-xf', archive],
    ['jar', 'xf', archive],
    ['python3', '-m', 'zipfile', '-e', archive, '.'],
  ]
  for (const [program, ...rest] of commands) {
    try {
      await run(program, rest, { cwd: folder })
      return
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  throw new Error(`Nothing here unpacks ${archive}: install unzip.`)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
