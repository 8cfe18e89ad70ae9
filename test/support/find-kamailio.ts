import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, foldersOf } from './find-program.ts'

export interface KamailioPlace {
  readonly program: string
  readonly kamcmd: string
  readonly modules: string
}

/** Kamailio, its module for Postgres and kamcmd; Debian has the programs in a folder that isn't in everybody's PATH. */
export function findKamailio(path = process.env.PATH ?? ''): KamailioPlace | undefined {
  const folders = [...foldersOf(path), '/usr/sbin', '/usr/local/sbin']
  const [program, kamcmd] = ['kamailio', 'kamcmd'].map((name) => findProgram(name, folders))
  const modules = moduleFolders().find((folder) => existsSync(join(folder, 'db_postgres.so')))
  if (program === undefined || kamcmd === undefined || modules === undefined) return undefined
  return { program, kamcmd, modules: `${modules}/` }
}

function moduleFolders(): readonly string[] {
  const inLib = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name)) : []
  return [...inLib, '/usr/lib', '/usr/lib64', '/usr/local/lib64', '/usr/local/lib'].map((lib) =>
    join(lib, 'kamailio', 'modules'),
  )
}
