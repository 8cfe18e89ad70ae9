import { z } from 'zod'
import { StartError } from '#kernel'
import { checkDomainName } from '#core/domains'

const absent = (value: unknown): unknown => (value === '' ? undefined : value)
const setting = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(absent, schema)

const switched = z.enum(['on', 'off', 'true', 'false']).transform((value) => value === 'on' || value === 'true')
const onOff = setting(switched.default(false))

const port = setting(
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((number) => number <= 65_535, 'must be a port number from 0 to 65535')
    .default(3000),
)

const prefix = setting(
  z
    .string()
    .regex(/^(\/[\w.~-]+)*\/?$/, 'must be a path like /kitter')
    .transform((path) => path.replace(/\/$/, ''))
    .default(''),
)

const trustProxy = setting(
  z
    .union([
      switched,
      z
        .string()
        .regex(/^[\da-fA-F.:/, ]+$/, 'must be on, off, or a list of addresses or networks (10.0.0.0/8)')
        .transform((list) => list.split(',').map((address) => address.trim())),
    ])
    .default(false),
)

const databaseUrl = setting(
  z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a URL like postgres://user:password@host:5432/database')
    .refine((url) => URL.canParse(url), 'must be a URL like postgres://user:password@host:5432/database')
    .optional(),
)

const domain = setting(
  z
    .string()
    .refine((name) => checkDomainName(name).length === 0, 'must be a domain name')
    .transform((name) => name.toLowerCase())
    .default('quobis'),
)

/** Part of the operator's contract, and of a kitter to come: better no start than a setting that is ignored. */
const notYet = setting(z.undefined({ error: 'is not supported yet; leave it unset' }))

const schema = z.object({
  PORT: port,
  HOST: setting(z.string().default('127.0.0.1')),
  HTTP_PREFIX: prefix,
  TRUST_PROXY: trustProxy,
  KITTER_DATA_DIR: setting(z.string().default('.kitter')),
  DATABASE_URL: databaseUrl,
  LOGIN_NAMES: setting(z.enum(['realm', 'domain'], { error: 'must be realm or domain' }).default('realm')),
  ROOT_DOMAIN: domain,
  CALLER_ID_ENABLED: onOff,
  REMOTE_SIP_REGISTER_ENABLED: onOff,
  LOG_LEVEL: setting(
    z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be fatal, error, warn, info, debug, trace or silent',
      })
      .default('info'),
  ),
  KEYCLOAK_URL: notYet,
  KEYCLOAK_REALM: notYet,
  KEYCLOAK_CLIENT_ID: notYet,
  KEYCLOAK_CLIENT_SECRET: notYet,
  TOKEN_ISSUER: notYet,
  TOKEN_AUDIENCE: notYet,
  WAC_CORE_URL: notYet,
  WAC_CORE_TOKEN: notYet,
  HTABLE_DATABASE_URL: notYet,
  HTABLE_TABLE: notYet,
  SIP_PROXY_URL: notYet,
  SIP_PROXY_KAMCMD: notYet,
  DIALECTS: notYet,
  KAZOO_USER_AUTH: notYet,
  OPERATIONS_KEPT: notYet,
  IDEMPOTENCY_KEPT: notYet,
  AUDIT_KEPT: notYet,
})

export type Configuration = z.output<typeof schema>

/** Every variable that kitter reads. */
export const variables: readonly string[] = Object.keys(schema.shape)

/** Reads the environment, once, at start. All problems are told together; values, which may be secrets, are not. */
export function configurationFrom(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const { data, error } = schema.safeParse(environment)
  if (data !== undefined) return data
  const problems = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new ConfigurationError(`kitter can't start with these settings: ${problems.join('; ')}.`)
}

/** The exit code is the one that `sysexits.h` keeps for a wrong configuration. */
export class ConfigurationError extends StartError {
  readonly exitCode = 78
}
