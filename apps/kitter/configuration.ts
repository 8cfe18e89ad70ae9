import { z } from 'zod'
import { StartError } from '#kernel'
import type { KeycloakSettings } from '#infrastructure/keycloak'
import type { WacCoreSettings } from '#infrastructure/wac-core'
import { switchOwners } from './dialects.ts'
import {
  bearerToken,
  dialectNames,
  domain,
  duration,
  kamcmdAddress,
  oneOf,
  onOff,
  pathPrefix,
  portNumber,
  postgresUrl,
  realmName,
  setting,
  tableName,
  text,
  trustedProxies,
  webUrl,
  webUrlWithUser,
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
  KEYCLOAK_URL: setting(webUrl.optional()),
  KEYCLOAK_REALM: setting(realmName.optional()),
  KEYCLOAK_CLIENT_ID: setting(text.default('kitter')),
  KEYCLOAK_CLIENT_SECRET: setting(text.optional()),
  TOKEN_ISSUER: setting(webUrl.optional()),
  TOKEN_AUDIENCE: setting(text.default('kitter')),
  WAC_CORE_URL: setting(webUrl.optional()),
  WAC_CORE_TOKEN: setting(bearerToken.optional()),
  HTABLE_DATABASE_URL: setting(postgresUrl.optional()),
  HTABLE_TABLE: setting(tableName.default('htable')),
  SIP_PROXY_URL: setting(webUrlWithUser.optional()),
  SIP_PROXY_KAMCMD: setting(kamcmdAddress.optional()),
  DIALECTS: setting(dialectNames.prefault('')),
  OPERATIONS_KEPT: setting(duration.prefault('30 days')),
  IDEMPOTENCY_KEPT: setting(duration.prefault('24 hours')),
  AUDIT_KEPT: setting(duration.prefault('400 days')),
})

/** Those of the dialects, which they name themselves. */
const switches = z.object(Object.fromEntries(switchOwners().map(([name]) => [name, setting(onOff.default(false))])))

type Settings = z.output<typeof schema>

/** Where the real systems are; without one, the sandbox stands in for it. */
export interface Configuration extends Settings {
  readonly keycloak: Pick<KeycloakSettings, 'url' | 'realm' | 'clientId' | 'clientSecret'> | undefined
  readonly wacCore: Pick<WacCoreSettings, 'url' | 'token'> | undefined
  readonly dialectSwitches: z.output<typeof switches>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Every variable that kitter reads. */
export const variables: readonly string[] = [schema, switches].flatMap(({ shape }) => Object.keys(shape))

/** Reads the environment, once, at start. All problems are told together; values, which may be secrets, are not. */
export function configurationFrom(environment: Environment): Configuration {
  const { data, error } = schema.safeParse(environment)
  const { data: dialectSwitches, error: switchError } = switches.safeParse(environment)
  const issues = [...(error?.issues ?? []), ...(switchError?.issues ?? [])]
  const single = issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  const problems = [...single, ...problemsBetween(environment), ...idleSwitches(environment)]
  if (data === undefined || dialectSwitches === undefined || problems.length > 0) {
    throw new ConfigurationError(`kitter can't start with these settings: ${problems.join('; ')}.`)
  }
  return { ...data, ...systemsIn(data), dialectSwitches }
}

/** Settings that need each other, or exclude each other. */
function problemsBetween(environment: Environment): readonly string[] {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
  const missing = (name: string, needed: string): readonly string[] =>
    isSet(name) && !isSet(needed) ? [`${needed} must be set, too, where ${name} is`] : []
  const [url, kamcmd] = [isSet('SIP_PROXY_URL'), isSet('SIP_PROXY_KAMCMD')]
  // else the sandbox would answer the reload, and Kamailio would read nothing
  const unread = isSet('HTABLE_DATABASE_URL') && !url && !kamcmd
  return [
    ...missing('KEYCLOAK_URL', 'KEYCLOAK_REALM'),
    ...missing('KEYCLOAK_URL', 'KEYCLOAK_CLIENT_SECRET'),
    ...missing('KEYCLOAK_REALM', 'KEYCLOAK_URL'),
    ...missing('KEYCLOAK_CLIENT_SECRET', 'KEYCLOAK_URL'),
    ...missing('WAC_CORE_URL', 'WAC_CORE_TOKEN'),
    ...missing('WAC_CORE_TOKEN', 'WAC_CORE_URL'),
    ...(unread ? ['SIP_PROXY_URL or SIP_PROXY_KAMCMD must be set, too, where HTABLE_DATABASE_URL is'] : []),
    ...(url && kamcmd
      ? ['SIP_PROXY_KAMCMD must not be set where SIP_PROXY_URL is: one way to the sip-proxy is enough']
      : []),
  ]
}

/** Those that are on, and would do nothing: their dialects are off. */
function idleSwitches(environment: Environment): readonly string[] {
  const { data: spoken } = schema.shape.DIALECTS.safeParse(environment['DIALECTS'])
  const { data: on } = switches.safeParse(environment)
  if (spoken === undefined || on === undefined) return []
  return switchOwners()
    .filter(([name, dialect]) => on[name] === true && !spoken.some((named) => named === dialect))
    .map(([name, dialect]) => `DIALECTS must name ${dialect}, too, where ${name} is on`)
}

function systemsIn(settings: Settings): Pick<Configuration, 'keycloak' | 'wacCore'> {
  const { KEYCLOAK_URL: url, KEYCLOAK_REALM: realm = '', KEYCLOAK_CLIENT_ID: clientId } = settings
  const { KEYCLOAK_CLIENT_SECRET: clientSecret = '', WAC_CORE_URL: wacCoreUrl, WAC_CORE_TOKEN: token = '' } = settings
  return {
    keycloak: url === undefined ? undefined : { url, realm, clientId, clientSecret },
    wacCore: wacCoreUrl === undefined ? undefined : { url: wacCoreUrl, token },
  }
}

/** The exit code is the one that `sysexits.h` keeps for a wrong configuration. */
export class ConfigurationError extends StartError {
  readonly exitCode = 78
}
