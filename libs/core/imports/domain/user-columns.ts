import type { FieldProblem } from '#kernel'

export const requiredColumns = ['username', 'domain'] as const

/** The columns that users are described by, as in kitter's API. */
export const userColumns = [
  ...requiredColumns,
  'email',
  'first_name',
  'last_name',
  'phone_number',
  'enabled',
  'email_verified',
  'password',
  'password_hash',
  'temporary',
  'attributes',
] as const

/** What files of refused rows have besides: ignored when those are mended and imported. */
const ignoredColumns: readonly string[] = ['reason', 'line']

const attribute = /^attributes\.(.+)$/s
const known = `known are ${userColumns.join(', ')} and attributes.…, of which ${requiredColumns.join(' and ')} are required`

/** The attribute that a column is about. */
export function attributeOf(column: string): string | undefined {
  return attribute.exec(column)?.[1]
}

export function isUserColumn(name: string): boolean {
  return userColumns.some((column) => column === name) || attributeOf(name) !== undefined
}

export type Columns = readonly (string | undefined)[]

/** Which column of the file is meant by which of kitter's. */
export type ColumnNames = Readonly<Record<string, string>>

/** What is wrong with such names, whatever the file is. */
export function problemsOfNames(names: ColumnNames): FieldProblem[] {
  const unknown = Object.keys(names).filter((column) => !isUserColumn(column))
  const meant = Object.values(names)
  const twice = Object.entries(names).filter(([, name], index) => meant.indexOf(name) !== index)
  return [
    ...unknown.map((path) => ({ path, problem: `is no column of users: ${known}` })),
    ...twice.map(([path]) => ({ path, problem: "is another column's already" })),
  ]
}

/** More than anybody mends at once. */
const mostProblems = 20

/** What the columns of a header mean, by their place, or all that is wrong with it. */
export function readHeader(
  cells: readonly string[],
  names: ColumnNames,
): { readonly columns: Columns } | { readonly problems: readonly string[] } {
  const meanings = new Map(Object.entries(names).map(([column, name]) => [name, column]))
  const header = cells.map((cell) => cell.trim())
  const columns = header.map((name) => meanings.get(name) ?? (Object.hasOwn(names, name) ? undefined : name))
  const problems = problemsOf(header, columns, names).slice(0, mostProblems)
  return problems.length > 0
    ? { problems }
    : { columns: columns.map((column) => (isIgnored(column) ? undefined : column)) }
}

function isIgnored(column: string | undefined): boolean {
  return column !== undefined && ignoredColumns.includes(column)
}

function problemsOf(header: readonly string[], columns: Columns, names: ColumnNames): string[] {
  const separator = separatorIn(header)
  if (separator !== undefined) return [`has columns that are separated by ${separator}, but must be by commas`]
  const missing = requiredColumns.filter((column) => !columns.includes(column))
  return [
    ...header.flatMap((name, index) => (name === '' ? [`has no name for column ${index + 1}`] : [])),
    ...header.flatMap((name, index) => (isKnown(name, columns[index]) ? [] : [`has the unknown column ${said(name)}`])),
    ...header
      .filter((name, index) => name !== '' && header.indexOf(name) !== index)
      .map((name) => `has the column ${said(name)} twice`),
    ...Object.values(names)
      .filter((name) => !header.includes(name))
      .map((name) => `has no column ${said(name)}`),
    ...missing.filter((column) => !Object.hasOwn(names, column)).map((column) => `has no column "${column}"; ${known}`),
  ]
}

function isKnown(name: string, column: string | undefined): boolean {
  return name === '' || column === undefined || isUserColumn(column) || isIgnored(column)
}

function separatorIn(header: readonly string[]): string | undefined {
  const [only = '', ...others] = header
  if (others.length > 0) return undefined
  return only.includes(';') ? 'semicolons' : only.includes('\t') ? 'tabs' : undefined
}

const longest = 60

/** As much of a column's name as one needs to find it, on one line. */
function said(name: string): string {
  const line = name.toWellFormed().replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
  return `"${line.length > longest ? `${line.slice(0, longest)}…` : line}"`
}
