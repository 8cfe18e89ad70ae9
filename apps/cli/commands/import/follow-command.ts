import { printable } from '../../output/printable.ts'
import type { ServiceAccess } from '../../service/service-access.ts'

export interface FollowedImport {
  readonly id: string
  readonly access: ServiceAccess
  /** Where its file is, if that can be found again. */
  readonly path: string | undefined
  /** What the file calls columns that kitter knows by other names. */
  readonly columnNames: ReadonlyMap<string, string>
}

/** What to type to look at an import again, or to have it go on; with its file, for the rows that are refused. */
export function followCommand(
  option: '--follow' | '--resume',
  { id, access, path, columnNames }: FollowedImport,
): string {
  const url = access.urlSource === '--url' ? ['--url', quoted(access.url)] : []
  const names = [...columnNames].map(([column, name]) => `${column}=${name}`)
  const isPlain = path !== undefined && [path, ...names].every(isShownAsIs)
  const file = isPlain
    ? [...names.flatMap((name) => ['--column', quoted(name)]), quoted(path.startsWith('-') ? `./${path}` : path)]
    : []
  return ['kitter', 'import', option, id, ...url, ...file].join(' ')
}

/** Nothing in it that a terminal would take for something else. */
function isShownAsIs(text: string): boolean {
  return printable(text) === text
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
