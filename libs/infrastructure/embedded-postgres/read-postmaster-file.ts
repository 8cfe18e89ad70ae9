import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from './error-code.ts'

export interface PostmasterFile {
  /** 0 when there is no process id in it. */
  readonly pid: number
  /** As `pg_ctl` reads it too: `starting`, `ready`, `stopping`. */
  readonly status: string
}

const statusLine = 7

/** What a postmaster says about itself in `postmaster.pid`, while it runs or after it was killed. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')
    return { pid: Number.parseInt(lines[0] ?? '', 10) || 0, status: lines[statusLine]?.trim() ?? '' }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
