import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { errorCode } from './error-code.ts'

const run = promisify(execFile)

/** Process ids are reused, so whether it is the Postgres of this cluster is seen from its name and its folder. */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  try {
    return process.platform === 'linux' ? await worksIn(cluster, pid) : (await commandOf(pid)).includes(` ${cluster} `)
  } catch {
    return false
  }
}

/** By the folder's identity, for it may have been moved since. A zombie has no working folder any more. */
async function worksIn(cluster: string, pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8')
  if (name.trim() !== 'postgres') return false
  try {
    const [there, here] = await Promise.all([`/proc/${pid}/cwd`, cluster].map((path) => stat(path, { bigint: true })))
    return there?.ino === here?.ino && there?.dev === here?.dev
  } catch (error) {
    // In a container root may not look at another user's process so closely.
    if (errorCode(error) !== 'EACCES') throw error
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(`\0${cluster}\0`)
  }
}

async function commandOf(pid: number): Promise<string> {
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)])
  return stdout
}
