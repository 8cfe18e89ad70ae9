import { type PeopleColumn, requiredColumns } from './people-columns.ts'

/** A user as kitter's API wants it; JSON leaves out what is undefined. */
export interface NewUser {
  readonly username: string
  readonly email: string | undefined
  readonly enabled: boolean | undefined
  readonly first_name: string | undefined
  readonly last_name: string | undefined
  readonly email_verified: boolean | undefined
  readonly attributes: { readonly domain: string; readonly phone_number: string | undefined }
  readonly credentials: { readonly password: string; readonly temporary: boolean | undefined } | undefined
}

type Values = ReadonlyMap<PeopleColumn, string>

const switches = ['enabled', 'email_verified', 'temporary'] as const
const meanings: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
])

/** All that keeps the values of a row from being a user; what only the service can judge is left to it. */
export function problemsOf(values: Values): readonly string[] {
  const missing = requiredColumns.filter((column) => !values.has(column)).map((column) => `${column} is missing`)
  const unclear = switches
    .filter((column) => values.has(column) && switched(values, column) === undefined)
    .map((column) => `${column} must be true or false, yes or no, 1 or 0`)
  const pointless = switched(values, 'temporary') === true && !values.has('password')
  return [...missing, ...unclear, ...(pointless ? ['temporary is said of a password, but password is missing'] : [])]
}

/** The user that a row without problems describes. */
export function newUserOf(values: Values): NewUser {
  const password = values.get('password')
  return {
    username: values.get('username') ?? '',
    email: values.get('email'),
    enabled: switched(values, 'enabled'),
    first_name: values.get('first_name'),
    last_name: values.get('last_name'),
    email_verified: switched(values, 'email_verified'),
    attributes: { domain: values.get('domain') ?? '', phone_number: values.get('phone_number') },
    credentials: password === undefined ? undefined : { password, temporary: switched(values, 'temporary') },
  }
}

function switched(values: Values, column: (typeof switches)[number]): boolean | undefined {
  return meanings.get(values.get(column)?.toLowerCase() ?? '')
}
