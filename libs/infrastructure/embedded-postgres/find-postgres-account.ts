import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StartError } from '#kernel'
import { errorCode } from './error-code.ts'
import type { PostgresAccount } from './postgres-account.ts'
import { tellingLine } from './telling-line.ts'

const run = promisify(execFile)

/** Postgres refuses to run as root. Ordinary users run it as themselves: then there is no account. */
export async function findPostgresAccount(cluster: string, name = 'postgres'): Promise<PostgresAccount | undefined> {
  const self = process.getuid?.()
  const owner = await ownerOf(cluster)
  if (self === 0) return owner !== undefined && owner.uid !== 0 ? owner : systemAccount(name)
  if (owner !== undefined && owner.uid !== self) throw foreignCluster(cluster, owner)
  return undefined
}

async function ownerOf(cluster: string): Promise<PostgresAccount | undefined> {
  try {
    const { uid, gid } = await stat(cluster)
    return { uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function systemAccount(name: string): Promise<PostgresAccount> {
  const refusal = (await lookUp(name)) === undefined ? await create(name) : undefined
  const account = await lookUp(name)
  if (account !== undefined) return account
  throw new StartError(
    `Postgres refuses to run as root, and the system user "${name}" can't be made for it (${refusal ?? 'it vanished'}): ` +
      'make that user, run kitter as an ordinary user, or set DATABASE_URL to a Postgres 15 or newer.',
  )
}

async function lookUp(name: string): Promise<PostgresAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

/** Tells why the user wasn't made. The group may be there already, and another kitter may make both at this moment. */
async function create(name: string): Promise<string | undefined> {
  await run('groupadd', ['--system', name]).catch(() => undefined)
  try {
    await run('useradd', ['--system', '--gid', name, '--no-create-home', '--shell', '/usr/sbin/nologin', name])
    return undefined
  } catch (error) {
    return error instanceof Error ? tellingLine(error.message) : String(error)
  }
}

function foreignCluster(cluster: string, owner: PostgresAccount): StartError {
  return new StartError(
    `The Postgres cluster ${cluster} belongs to another user (id ${owner.uid}): ` +
      'run kitter as that user or as root, or set KITTER_DATA_DIR to another folder.',
  )
}
