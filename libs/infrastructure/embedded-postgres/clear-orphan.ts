import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '#kernel'
import { errorCode } from './error-code.ts'
import { isPostmasterOf } from './is-postmaster-of.ts'
import { readPostmasterFile } from './read-postmaster-file.ts'
import { shutDown } from './shut-down.ts'

/**
 * Stops the Postgres that outlived a killed kitter, and removes a stale `postmaster.pid`: Postgres would refuse to start
 * when the process id in it has been reused by anything else, or when a full disk left it empty. It doesn't need the file to
 * notice server processes that still use the cluster: it finds their shared memory by the folder's inode.
 */
export async function clearOrphan(cluster: string, log: (message: string) => void): Promise<void> {
  const file = await readPostmasterFile(cluster)
  if (file === undefined) return
  if (await isPostmasterOf(cluster, file.pid)) {
    log(`Stopping the Postgres that a killed kitter left behind (process ${file.pid})`)
    await stopOrphan(cluster, file.pid)
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true })
}

async function stopOrphan(cluster: string, pid: number): Promise<void> {
  const isGone = async (): Promise<boolean> => !(await isPostmasterOf(cluster, pid))
  if (await shutDown({ send: (signal) => kill(pid, signal), isGone })) return
  throw new StartError(
    `The Postgres that a killed kitter left behind (process ${pid}) can't be stopped: end it by hand.`,
  )
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}
