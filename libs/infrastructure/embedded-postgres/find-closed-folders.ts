import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PostgresAccount } from './postgres-account.ts'

/** Of a folder and those around it, the ones that the account may not pass. */
export async function findClosedFolders(path: string, account: PostgresAccount): Promise<readonly string[]> {
  const closed: string[] = []
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (!(await isPassable(folder, account))) closed.push(folder)
    if (folder === dirname(folder)) return closed
  }
}

async function isPassable(folder: string, account: PostgresAccount): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder)
  if (uid === account.uid) return (mode & 0o100) !== 0
  return (mode & (gid === account.gid ? 0o010 : 0o001)) !== 0
}
