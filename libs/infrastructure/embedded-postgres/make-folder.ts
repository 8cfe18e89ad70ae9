import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from './error-code.ts'

/**
 * Makes a folder and those around it. Node's own recursive mkdir says ENOENT of a read-only disk, and never returns where the
 * system refuses a folder so (`/proc/nowhere/below`).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (errorCode(error) !== 'ENOENT' || path === dirname(path)) throw error
    await makeFolder(dirname(path))
    await mkdir(path)
  }
}
