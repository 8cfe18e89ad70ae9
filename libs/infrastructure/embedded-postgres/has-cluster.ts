import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '#kernel'
import { errorCode } from './error-code.ts'

/** Whether there is a cluster that Postgres of this major version can open. */
export async function hasCluster(cluster: string, major: string): Promise<boolean> {
  const version = await readVersion(cluster)
  if (version === major) return true
  if (version !== undefined) {
    throw new StartError(
      `The cluster ${cluster} was made by Postgres ${version}, and kitter brings Postgres ${major}: move its data over by ` +
        'pg_dump, set KITTER_DATA_DIR to another folder, or DATABASE_URL to a server of its version.',
    )
  }
  if (await isEmpty(cluster)) return false
  throw new StartError(
    `${cluster} holds something that is no Postgres cluster: move it away, or set KITTER_DATA_DIR to another folder.`,
  )
}

async function readVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw error
  }
}

async function isEmpty(cluster: string): Promise<boolean> {
  try {
    return (await readdir(cluster)).length === 0
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    if (errorCode(error) === 'ENOTDIR') return false
    throw error
  }
}
