import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Commands that use kitter's own adapters run as they are built. */
export const isBuilt = existsSync(join(root, 'dist/apps/cli/main.js'))

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The built `kitter` command, in a folder, with nothing in its environment but this. */
export function runBuilt(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const options = { cwd, env: { PATH: process.env['PATH'], ...env }, timeout: 60_000 }
  const child = execFile(process.execPath, [join(root, 'bin/kitter.js'), ...args], options, (error, stdout, stderr) =>
    resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
  )
  child.stdin?.end()
  return promise
}
