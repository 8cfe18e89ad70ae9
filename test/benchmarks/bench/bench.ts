import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guard } from '../../support/keycloak/guard.ts'
import { type ProductionKeycloak, startProductionKeycloak } from './production-keycloak.ts'
import { type ProductionPostgres, startProductionPostgres } from './production-postgres.ts'

/** What all pairs of a run share. */
export interface Bench {
  readonly folder: string
  readonly postgres: ProductionPostgres
  readonly keycloak: ProductionKeycloak
  readonly keycloakDatabaseUrl: string
  /** Further options of the Node that kitter runs on, such as those of a profiler. */
  readonly nodeOptions: readonly string[]
}

export async function startBench(nodeOptions: readonly string[], resources: AsyncDisposableStack): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'kitter-bench-'))
  resources.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startProductionPostgres(folder, resources)
  const dismissGuard = guard(postgres.pid, folder)
  resources.defer(dismissGuard)
  const keycloakDatabaseUrl = await postgres.create('keycloak')
  const keycloak = await startProductionKeycloak(keycloakDatabaseUrl, resources)
  return { folder, postgres, keycloak, keycloakDatabaseUrl, nodeOptions }
}
