import { z } from 'zod'
import { StartError } from '#kernel'
import {
  domain,
  notYet,
  oneOf,
  onOff,
  pathPrefix,
  portNumber,
  postgresUrl,
  setting,
  text,
  trustedProxies,
} from './setting-schemas.ts'

const schema = z.object({
  PORT: setting(portNumber.default(3000)),
  HOST: setting(text.default('127.0.0.1')),
  HTTP_PREFIX: setting(pathPrefix.default('')),
  TRUST_PROXY: setting(trustedProxies.default(false)),
  KITTER_DATA_DIR: setting(text.default('.kitter')),
  DATABASE_URL: setting(postgresUrl.optional()),
  LOGIN_NAMES: setting(oneOf('realm', 'domain').default('realm')),
  ROOT_DOMAIN: setting(domain.default('quobis')),
  CALLER_ID_ENABLED: setting(onOff.default(false)),
  REMOTE_SIP_REGISTER_ENABLED: setting(onOff.default(false)),
  LOG_LEVEL: setting(oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info')),
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
