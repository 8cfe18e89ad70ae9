import { type FieldProblem, isPlainObject, jsonIn } from '#kernel'
import { attributeOf, type Columns, requiredColumns } from '../domain/user-columns.ts'

/** The user's body that the cells of a row stand for, or all that keeps them from being one. */
export type CellsRead =
  { readonly body: Readonly<Record<string, unknown>> } | { readonly problems: readonly FieldProblem[] }

type Values = ReadonlyMap<string, string>

const ownAttributes = ['domain', 'phone_number']
const switches = ['enabled', 'email_verified', 'temporary'] as const
const meanings: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
])

/** A blank cell says nothing. */
export function bodyOfCells(cells: readonly string[], columns: Columns): CellsRead {
  const values = valuesOf(cells, columns)
  const problems = problemsOf(values)
  return problems.length > 0 ? { problems } : { body: bodyOf(values) }
}

function valuesOf(cells: readonly string[], columns: Columns): Values {
  const named = columns.flatMap((column, index) =>
    column === undefined ? [] : [[column, cells[index] ?? ''] as const],
  )
  const values = named.map(
    ([column, cell]) => [column, column === 'password' && cell.trim() !== '' ? cell : textIn(cell.trim())] as const,
  )
  return new Map(values.filter(([, value]) => value !== ''))
}

/** A text in JSON's quotes is what it is there, spaces around it included. */
function textIn(cell: string): string {
  const text = cell.startsWith('"') ? jsonIn(cell) : undefined
  return typeof text === 'string' ? text : cell
}

function problemsOf(values: Values): FieldProblem[] {
  const missing = requiredColumns.filter((column) => !values.has(column))
  const unclear = switches.filter((column) => values.has(column) && switched(values, column) === undefined)
  const hasPassword = values.has('password') || values.has('password_hash')
  const isPointless = switched(values, 'temporary') === true && !hasPassword
  return [
    ...missing.map((path) => ({ path, problem: 'is missing' })),
    ...unclear.map((path) => ({ path, problem: 'must be true or false, yes or no, 1 or 0' })),
    ...(isPointless ? [{ path: 'temporary', problem: 'is said of a password, but there is none' }] : []),
    ...problemsOfAttributes(values),
  ]
}

function bodyOf(values: Values): Readonly<Record<string, unknown>> {
  const password = values.get('password')
  const hash = values.get('password_hash')
  return withoutAbsent({
    username: values.get('username'),
    email: values.get('email'),
    enabled: switched(values, 'enabled'),
    first_name: values.get('first_name'),
    last_name: values.get('last_name'),
    email_verified: switched(values, 'email_verified'),
    attributes: attributesOf(values),
    ...((password ?? hash) !== undefined && {
      credentials: withoutAbsent({ password, password_hash: hash, temporary: switched(values, 'temporary') }),
    }),
  })
}

/** What stands in columns of its own can't stand among all attributes, too. */
function problemsOfAttributes(values: Values): FieldProblem[] {
  const all = allAttributes(values)
  if (all === undefined)
    return [{ path: 'attributes', problem: 'must be an object in JSON, such as {"team":"Support"}' }]
  const own = new Set([...ownAttributes, ...[...values.keys()].map(attributeOf)])
  const twice = Object.keys(all).filter((key) => own.has(key))
  return twice.map((key) => ({ path: `attributes.${key}`, problem: 'has a column of its own' }))
}

function attributesOf(values: Values): Readonly<Record<string, unknown>> {
  const others = [...values].flatMap(([column, value]) => {
    const key = attributeOf(column)
    return key === undefined ? [] : [[key, listIn(value) ?? value] as const]
  })
  const own = withoutAbsent({ domain: values.get('domain'), phone_number: values.get('phone_number') })
  return { ...allAttributes(values), ...Object.fromEntries(others), ...own }
}

/** What the column of all attributes says; nothing where it isn't right. */
function allAttributes(values: Values): Readonly<Record<string, unknown>> | undefined {
  const all = jsonIn(values.get('attributes') ?? '{}')
  return isPlainObject(all) ? all : undefined
}

/** Several values of an attribute stand in their cell as a list in JSON. */
function listIn(value: string): readonly string[] | undefined {
  const list = value.startsWith('[') ? jsonIn(value) : undefined
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function switched(values: Values, column: (typeof switches)[number]): boolean | undefined {
  return meanings.get(values.get(column)?.toLowerCase() ?? '')
}

/** A document without what files of refused rows have besides; a document's own keys of these names stay. */
export function unmarked(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { reason, line, ...said } = document
  return typeof reason === 'string' && typeof line === 'number' ? said : document
}

/** As a row of NDJSON, some wrap it as the API's body does; refused ones have a reason and a line besides. */
export function unwrapped(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { reason: _, line: __, ...said } = value
  const { user, ...others } = said
  return isPlainObject(user) && Object.keys(others).length === 0 ? user : said
}
