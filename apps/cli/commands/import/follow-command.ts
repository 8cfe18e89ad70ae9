import { printable } from '../../output/printable.ts'
import type { ServiceAccess } from '../../service/service-access.ts'

export interface FollowedImport {
  readonly id: string
  readonly access: ServiceAccess
  /** Where its file is, if that can be found again. */
  readonly path: string | undefined
}

/** What to type to look at an import again, or to have it go on; with its file, for the rows that are refused. */
export function followCommand(option: '--follow' | '--resume', { id, access, path }: FollowedImport): string {
  const url = access.urlSource === '--url' ? ['--url', quoted(access.url)] : []
  // nothing that a terminal would take for something else
  const isPlain = path !== undefined && printable(path) === path
  const file = isPlain ? [quoted(path.startsWith('-') ? `./${path}` : path)] : []
  return ['kitter', 'import', option, id, ...url, ...file].join(' ')
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
