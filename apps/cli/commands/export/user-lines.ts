import { csvLine } from '../../output/csv-line.ts'
import type { FileFormat } from '../../output/file-format.ts'
import type { ExportedUser } from './exported-user.ts'

/** How users stand in a file, so that an import takes them back as they are. */
export interface UserLines {
  /** What stands before all of them. */
  readonly head: string
  readonly lineOf: (user: ExportedUser) => string
}

const columns = [
  'username',
  'domain',
  'email',
  'first_name',
  'last_name',
  'phone_number',
  'enabled',
  'email_verified',
  'attributes',
]

export const userLines: Readonly<Record<FileFormat, UserLines>> = {
  csv: { head: csvLine(columns), lineOf: (user) => csvLine(cellsOf(user)) },
  ndjson: { head: '', lineOf: (user) => `${JSON.stringify(user)}\n` },
}

/** Which attributes there are is known only when the last user is: they share one cell. */
function cellsOf({
  username,
  email,
  first_name,
  last_name,
  enabled,
  email_verified,
  attributes,
}: ExportedUser): string[] {
  const { domain = '', phone_number, ...others } = attributes
  return [
    username,
    textOf(domain),
    textOf(email),
    textOf(first_name),
    textOf(last_name),
    textOf(phone_number),
    String(enabled),
    String(email_verified),
    Object.keys(others).length === 0 ? '' : JSON.stringify(others),
  ]
}

/** What an import would take for something else goes in quotes of JSON: spaces around it, and such quotes. */
function textOf(value: string | readonly string[] = ''): string {
  const text = typeof value === 'string' ? value : (value[0] ?? '')
  return text !== text.trim() || text.startsWith('"') ? JSON.stringify(text) : text
}
