import { execFile } from 'node:child_process'
import { chmod, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { PostgresAccount } from './postgres-account.ts'

const run = promisify(execFile)

/** Postgres wants its cluster to be its user's and closed to others, which a copy made by root is not. */
export async function ownCluster(cluster: string, account: PostgresAccount | undefined): Promise<void> {
  const { uid, mode } = await stat(cluster)
  if (account !== undefined && uid !== account.uid) await run('chown', ['-R', `${account.uid}:${account.gid}`, cluster])
  if ((mode & 0o027) !== 0) await chmod(cluster, 0o700)
}
