import type { FieldProblem } from '#kernel'
import { shortened } from './shortened.ts'

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

function isUserColumn(name: string): boolean {
  return userColumns.some((column) => column === name) || attributeOf(name) !== undefined
}

/** Of each column, whether line breaks may stand in its cells: nothing but attributes has any. */
export function mayBreakIn(columns: Columns): readonly boolean[] {
  return columns.map((column) => column !== undefined && (column === 'attributes' || attributeOf(column) !== undefined))
}

export type Columns = readonly (string | undefined)[]

/** Which column of the file is meant by which of kitter's. */
export type ColumnNames = Readonly<Record<string, string>>

/** What is wrong with such names, whatever the file is. */
export function problemsOfNames(names: ColumnNames): FieldProblem[] {
  const unknown = Object.keys(names).filter((column) => !isUserColumn(column))
  const meant = Object.values(names)
  const again = repeatedIn(meant)
  const twice = Object.entries(names).filter((_, index) => again.has(index))
  return [
    ...unknown.map((path) => ({ path, problem: `is no column of users: ${known}` })),
    ...twice.map(([path]) => ({ path, problem: "is another column's already" })),
  ]
}

/** The places of what stands further ahead, too. */
function repeatedIn(names: readonly string[]): ReadonlySet<number> {
  const seen = new Set<string>()
  return new Set(names.flatMap((name, index) => (seen.size === seen.add(name).size ? [index] : [])))
}

/** More than anybody fills, and longer than a name of an attribute is. */
const mostColumns = 1000
const longestColumn = 255

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
  if (header.length > mostColumns) return [`has ${header.length} columns, but may have ${mostColumns} at most`]
  const missing = requiredColumns.filter((column) => !columns.includes(column))
  const again = repeatedIn(header)
  return [
    ...header.flatMap((name, index) => (name === '' ? [`has no name for column ${index + 1}`] : [])),
    ...header.flatMap((name, index) => (isKnown(name, columns[index]) ? [] : [`has the unknown column ${said(name)}`])),
    ...header
      .filter((name, index) => name !== '' && again.has(index))
      .map((name) => `has the column ${said(name)} twice`),
    ...header
      .filter((name) => name.length > longestColumn)
      .map((name) => `has a column whose name has more than ${longestColumn} characters: ${said(name)}`),
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

/** As much of a column's name as one needs to find it, on one line. */
function said(name: string): string {
  return `"${shortened(name)}"`
}
