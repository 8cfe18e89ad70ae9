import { isIP } from 'node:net'
import { z } from 'zod'
import { checkDomainName } from '#core/domains'
import { TableName } from '#infrastructure/sip-proxy'
import { isDialectName, knownDialects } from './dialects.ts'

/** In `.env` files a variable is often there without a value: that is no setting. */
const absent = (value: unknown): unknown => (value === '' ? undefined : value)

/** One setting out of the environment: text, checked and read. */
export const setting = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(absent, schema)

export const text = z.string()

export function oneOf<const Choice extends string>(...choices: readonly [Choice, Choice, ...Choice[]]) {
  const [last, ...others] = choices.toReversed()
  return z.enum(choices, { error: `must be ${others.toReversed().join(', ')} or ${last ?? ''}` })
}

const switchWords = new Map([
  ['on', true],
  ['true', true],
  ['off', false],
  ['false', false],
])

export const onOff = text
  .refine((word) => switchWords.has(word), 'must be on or off')
  .transform((word) => switchWords.get(word) === true)

export const portNumber = text
  .refine((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535, 'must be a port number from 0 to 65535')
  .transform(Number)

/** No `.` or `..` among its segments, which clients take for something else. */
export const pathPrefix = text
  .regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*\/?$/, 'must be a path like /kitter')
  .transform((path) => path.replace(/\/$/, ''))

/** Whom to believe `X-Forwarded-*`: everybody, nobody, or these. */
export const trustedProxies = text
  .refine(
    (value) => switchWords.has(value) || listed(value).every(isNetwork),
    'must be on, off, or a list of addresses and networks like 10.0.0.0/8',
  )
  .transform((value) => switchWords.get(value) ?? listed(value))

export const postgresUrl = text.refine(
  (url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) && isDecodable(url),
  'must be a URL like postgres://user:password@host:5432/database, with special characters percent-encoded',
)

/** Credentials in a URL come into logs. */
export const webUrl = text
  .refine(
    (url) => isWebUrl(url) && !url.includes('@'),
    'must be a URL like https://host:8080/path, without a user or password in it',
  )
  .transform(withoutSlash)

export const webUrlWithUser = text
  .refine(isWebUrl, 'must be a URL like http://host:5060/RPC, with special characters percent-encoded')
  .transform(withoutSlash)

export const realmName = text.regex(/^[^/\\?#%<>"'\s]+$/, 'must be the name of a realm')

/** What a header can hold. */
export const bearerToken = text.regex(/^[\x21-\x7e]+$/, 'must be letters, digits and signs only, without spaces')

/** `kamcmd -s`: a socket of Kamailio's module ctl. */
export const kamcmdAddress = text.regex(
  /^(tcp:\S+:\d{1,5}|udp:\S+:\d{1,5}|unix[sd]?:\/\S+)$/,
  'must be an address like tcp:127.0.0.1:2046 or unix:/run/kamailio/kamailio_ctl',
)

export const tableName = text.refine(
  (name) => TableName.parse(name) !== undefined,
  'must be the name of a table, or schema.table',
)

export const domain = text
  .refine((name) => checkDomainName(name).length === 0, 'must be a domain name')
  .transform((name) => name.toLowerCase())

/** Each once, in the order in which they are named. */
export const dialectNames = text
  .refine(
    (value) => named(value).every(isDialectName),
    `must be a list of dialects, of which there are: ${Object.keys(knownDialects).join(', ')}`,
  )
  .transform((value) => [...new Set(named(value).filter(isDialectName))])

const secondsOf = new Map([
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
])
const longestSeconds = 36_500 * 86_400

/** A time to keep something, such as `24 hours`, in seconds. */
export const duration = text
  .refine(
    (value) => secondsIn(value) > 0 && secondsIn(value) <= longestSeconds,
    'must be a duration like 90 minutes, 24 hours or 30 days',
  )
  .transform(secondsIn)

function secondsIn(value: string): number {
  const [, count, unit = ''] = /^(\d{1,9}) ?([a-z]+?)s?$/.exec(value) ?? []
  return Number(count) * (secondsOf.get(unit) ?? 0)
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^?#]+$/.test(url) && URL.canParse(url) && isDecodable(url)
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

function listed(value: string): readonly string[] {
  return value.split(',').map((address) => address.trim())
}

function named(value: string): readonly string[] {
  return listed(value).filter((name) => name !== '')
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (longest === -1 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest)
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}
