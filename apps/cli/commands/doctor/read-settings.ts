import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { CannotRun } from '../../cannot-run.ts'
import { readVariables } from '../../environment.ts'

export type Settings = Readonly<Record<string, string | undefined>>

/** What a kitter started by npm here would read: the environment, and below it the file. */
export async function readSettings(): Promise<Settings> {
  return { ...parseEnv(await readEnvFile()), ...readVariables() }
}

async function readEnvFile(): Promise<string> {
  try {
    return await readFile('.env', 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return ''
    throw new CannotRun(`.env can't be read (${String(code)}).`, { cause: error })
  }
}
