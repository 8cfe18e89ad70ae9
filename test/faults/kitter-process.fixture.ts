/**
 * The built kitter in a process of its own, in more of a hurry than an operator's, and with a bug where one is planted:
 * `main.js` has neither, so that nobody can order them.
 */
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Configuration } from '../../apps/kitter/configuration.ts'
import type { startKitter } from '../../apps/kitter/start-kitter.ts'
import type { Timing } from '../../apps/kitter/timing.ts'
import type { Operations } from '../../libs/core/provisioning/index.ts'
import type { Credentials } from '../../libs/core/users/index.ts'

const dist = resolve(import.meta.dirname, '../../dist')

async function built<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(dist, path)).href)) as Module
}

async function plant(bug: string): Promise<void> {
  const { PostgresOperations } = await built<{ PostgresOperations: { prototype: Operations } }>(
    'libs/infrastructure/postgres/postgres-operations.js',
  )
  if (bug !== 'nothing is noted') throw new Error(`no such bug: ${bug}`)
  PostgresOperations.prototype.note = () => Promise.resolve()
}

/** As a realm whose way of hashing kitter doesn't know. */
async function judgePasswords(): Promise<void> {
  const { SandboxCredentials } = await built<{ SandboxCredentials: { prototype: Credentials } }>(
    'libs/infrastructure/sandbox/accounts/sandbox-credentials.js',
  )
  SandboxCredentials.prototype.hash = () => Promise.resolve(undefined)
}

const { FAULTS_TIMING = '{}', FAULTS_BUG = '', FAULTS_REALM = '', ...environment } = process.env
await import('reflect-metadata')
if (FAULTS_REALM === 'hashes passwords itself') await judgePasswords()
if (FAULTS_BUG !== '') await plant(FAULTS_BUG)
const { configurationFrom } = await built<{
  configurationFrom: (environment: Readonly<Record<string, string | undefined>>) => Configuration
}>('apps/kitter/configuration.js')
const { startKitter: start } = await built<{ startKitter: typeof startKitter }>('apps/kitter/start-kitter.js')
const kitter = await start(configurationFrom(environment), undefined, JSON.parse(FAULTS_TIMING) as Timing)
process.once('SIGTERM', () => void kitter.stop('SIGTERM').then(() => process.exit()))
