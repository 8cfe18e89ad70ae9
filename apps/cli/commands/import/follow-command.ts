import { printable } from '../../output/printable.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import type { FileContent } from './import-file.ts'

export interface FollowedImport {
  readonly id: string
  readonly access: ServiceAccess
  /** Where its file is, if that can be found again. */
  readonly path: string | undefined
  readonly holds: FileContent | undefined
  /** What the file calls columns that kitter knows by other names. */
  readonly columnNames: ReadonlyMap<string, string>
}

/** What to type to look at an import again, or to have it go on; with its file, for the rows that are refused. */
export function followCommand(
  option: '--follow' | '--resume',
  { id, access, path, holds, columnNames }: FollowedImport,
): string {
  const url = access.urlSource === '--url' ? ['--url', quoted(access.url)] : []
  const names = [...columnNames].map(([column, name]) => `${column}=${name}`)
  const isPlain = path !== undefined && [path, ...names].every(isShownAsIs)
  const file = isPlain ? [...names.flatMap((name) => ['--column', quoted(name)]), ...argumentsOf(path, holds)] : []
  return ['kitter', 'import', option, id, ...url, ...file].join(' ')
}

function argumentsOf(path: string, holds: FileContent | undefined): readonly string[] {
  return [...(holds === 'documents' ? ['--from'] : []), quoted(path.startsWith('-') ? `./${path}` : path)]
}

/** Nothing in it that a terminal would take for something else. */
function isShownAsIs(text: string): boolean {
  return printable(text) === text
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
