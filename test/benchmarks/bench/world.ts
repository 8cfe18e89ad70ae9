import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { freePort } from '#infrastructure/embedded-postgres'
import { makePerson } from '../../support/keycloak/make-person.ts'
import { makeRealm } from '../../support/keycloak/make-realm.ts'
import type { Bench } from './bench.ts'
import { startProgram } from './program.ts'
import { startBuiltKitter } from './start-built-kitter.ts'
import { TokenSource } from './token-source.ts'

interface Place {
  readonly url: string
  readonly pid: number
  readonly databaseUrl: string
}

/** A realm, a kitter over it, and a stand-in for wac-core, each with a database of its own: all empty. */
export interface World {
  readonly realm: string
  /** Of the realm. */
  readonly realmUrl: string
  readonly adminUrl: string
  readonly admin: KeycloakAdminClient
  /** Of kitter's own account in the realm, by which the other side works, too. */
  readonly keycloakToken: TokenSource
  readonly kitter: Place & { readonly token: TokenSource }
  readonly wacCore: Place & { readonly token: string }
}

const wacCoreSandbox = join(import.meta.dirname, '../../../dist/apps/wac-core-sandbox/main.js')
const boss = { username: 'boss', password: 'correct horse' }

export async function makeWorld(bench: Bench, name: string, resources: AsyncDisposableStack): Promise<World> {
  const realm = `bench-${name}`
  const { clientId, clientSecret, admin } = await makeRealm(bench.keycloak, realm)
  const realmUrl = `${bench.keycloak.url}/realms/${realm}`
  const client = { client_id: clientId, client_secret: clientSecret }
  await makePerson(admin, { ...boss, role: 'kitter-admin' })
  const wacCore = await startWacCore(bench, name, resources)
  const settings = {
    ...{ KEYCLOAK_URL: bench.keycloak.url, KEYCLOAK_REALM: realm },
    ...{ KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret },
    ...{ WAC_CORE_URL: wacCore.url, WAC_CORE_TOKEN: wacCore.token },
  }
  const kitter = await startKitter(bench, name, settings, resources)
  return {
    realm,
    realmUrl,
    adminUrl: `${bench.keycloak.url}/admin/realms/${realm}`,
    admin,
    keycloakToken: new TokenSource(realmUrl, { grant_type: 'client_credentials', ...client }),
    kitter: {
      ...kitter,
      token: new TokenSource(realmUrl, { grant_type: 'password', client_id: 'people', scope: 'openid', ...boss }),
    },
    wacCore,
  }
}

async function startWacCore(bench: Bench, name: string, resources: AsyncDisposableStack): Promise<World['wacCore']> {
  const [port, token] = [await freePort(), randomUUID()]
  const databaseUrl = await bench.postgres.create(`${name}_wac_core`)
  const url = `http://127.0.0.1:${port}`
  const pid = await startProgram(
    {
      command: [wacCoreSandbox],
      settings: { PORT: String(port), WAC_CORE_TOKEN: token, DATABASE_URL: databaseUrl },
      folder: join(bench.folder, `${name}-wac-core`),
      isReady: async () => (await fetch(`${url}/health`)).ok,
    },
    resources,
  )
  return { url: `${url}/sapi`, token, pid, databaseUrl }
}

async function startKitter(
  { folder, postgres, nodeOptions }: Bench,
  name: string,
  settings: Readonly<Record<string, string>>,
  resources: AsyncDisposableStack,
): Promise<Place> {
  const databaseUrl = await postgres.create(`${name}_kitter`)
  const plan = {
    folder: join(folder, `${name}-kitter`),
    settings: { DATABASE_URL: databaseUrl, ...settings },
    nodeOptions,
  }
  return { ...(await startBuiltKitter(plan, resources)), databaseUrl }
}
