import type { Finding } from '#core/health'
import { examineKeycloak, issuerOf } from '#infrastructure/keycloak'
import { connectDatabase, examinePostgres } from '#infrastructure/postgres'
import { connectSipProxy, examineHtable, examineSipProxy, TableName } from '#infrastructure/sip-proxy'
import { examineWacCore, WacCore } from '#infrastructure/wac-core'
import { type Configuration, ConfigurationError, configurationFrom } from '../../../kitter/configuration.ts'
import { allDialects, dialectsOf, migrationsOf } from '../../../kitter/dialects.ts'
import { CannotRun } from '../../cannot-run.ts'
import type { ExaminedSystem } from './examined-system.ts'
import type { Settings } from './read-settings.ts'

/** Every system that kitter would use with these settings. */
export function configuredSystems(settings: Settings): readonly ExaminedSystem[] {
  const configuration = parse(settings)
  const callerId = configuration.CALLER_ID_ENABLED ? [htable(configuration), sipProxy(configuration)] : []
  return [postgres(configuration), keycloak(configuration), wacCore(configuration), ...callerId]
}

function parse(settings: Settings): Configuration {
  try {
    return configurationFrom(settings)
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CannotRun(error.message, { cause: error })
    throw error
  }
}

function postgres({ DATABASE_URL: url, KITTER_DATA_DIR: folder, DIALECTS }: Configuration): ExaminedSystem {
  const name = 'Postgres'
  const migrations = { expected: migrationsOf(dialectsOf(DIALECTS)), known: migrationsOf(allDialects()) }
  if (url !== undefined) return { name, examine: () => examinePostgres(url, migrations) }
  return standIn(name, `kitter brings its own Postgres along, and keeps it in ${folder}`, 'DATABASE_URL')
}

function keycloak({ keycloak: settings, TOKEN_ISSUER, TOKEN_AUDIENCE: audience }: Configuration): ExaminedSystem {
  const name = 'Keycloak'
  if (settings === undefined) return standIn(name, 'The sandbox stands in for Keycloak', 'KEYCLOAK_URL')
  const issuer = TOKEN_ISSUER ?? issuerOf(settings)
  return { name, examine: () => examineKeycloak({ ...settings, issuer, audience }) }
}

function wacCore({ wacCore: settings }: Configuration): ExaminedSystem {
  const name = 'wac-core'
  if (settings === undefined) return standIn(name, 'The sandbox stands in for wac-core', 'WAC_CORE_URL')
  return { name, examine: () => examineOver(new WacCore(settings)) }
}

async function* examineOver(wacCore: WacCore): AsyncGenerator<Finding> {
  try {
    yield* examineWacCore(wacCore)
  } finally {
    wacCore.close()
  }
}

function htable({ HTABLE_DATABASE_URL, DATABASE_URL, HTABLE_TABLE }: Configuration): ExaminedSystem {
  const name = 'Caller-ID table'
  const url = HTABLE_DATABASE_URL ?? DATABASE_URL
  if (url === undefined) return standIn(name, "The table lies in kitter's own Postgres", 'HTABLE_DATABASE_URL')
  return { name, examine: () => examineTable(url, tableOf(HTABLE_TABLE)) }
}

async function* examineTable(url: string, table: TableName): AsyncGenerator<Finding> {
  const database = connectDatabase({ url, name: "The sip-proxy's database", purpose: 'doctor' })
  try {
    yield* examineHtable(database, table)
  } finally {
    await database.close()
  }
}

function sipProxy({ SIP_PROXY_URL: url, SIP_PROXY_KAMCMD: kamcmd, HTABLE_TABLE }: Configuration): ExaminedSystem {
  const name = 'Sip-proxy'
  const proxy = connectSipProxy({ url, kamcmd })
  if (proxy === undefined) return standIn(name, 'The sandbox stands in for the sip-proxy', 'SIP_PROXY_URL')
  return { name, examine: () => examineSipProxy(proxy, tableOf(HTABLE_TABLE)) }
}

function tableOf(name: string): TableName {
  return TableName.parse(name) ?? TableName.stock
}

function standIn(name: string, sentence: string, variable: string): ExaminedSystem {
  // eslint-disable-next-line @typescript-eslint/require-await -- as the others, which do have to wait
  async function* examine(): AsyncGenerator<Finding> {
    yield { state: 'right', sentence: `${sentence}; ${variable} would name a real one` }
  }
  return { name, examine }
}
