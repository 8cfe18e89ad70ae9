import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findKeycloak, type KeycloakSource } from './find-keycloak.ts'
import { keycloakDistribution } from './keycloak-distribution.ts'
import { startKeycloak } from './keycloak-server.ts'
import type { KeycloakNews } from './keycloak-ready.ts'

/** Starts Keycloak and doesn't wait for it: tests that don't need it go on meanwhile, the others ask `keycloakReady`. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'kitter-keycloak-'))
  const news = join(folder, 'news.json')
  project.provide('keycloakNews', news)
  const stopping = serve(news)
  return async () => {
    const stop = await stopping
    await stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function serve(file: string): Promise<() => Promise<void>> {
  try {
    const source = findKeycloak(process.env)
    if (source === undefined) throw new Error('it needs Java 17 or newer, and Maven the first time.')
    const { stop, ...access } = await serverOf(source)
    await tell(file, access)
    return stop
  } catch (error) {
    await tell(file, { problem: error instanceof Error ? error.message : String(error) })
    return () => Promise.resolve()
  }
}

async function serverOf(source: KeycloakSource) {
  if ('url' in source) return { ...source, stop: () => Promise.resolve() }
  const { url, adminUser, adminPassword, stop } = await startKeycloak(
    source.java,
    await keycloakDistribution(source.java, process.env),
  )
  return { url, adminUser, adminPassword, stop }
}

async function tell(file: string, news: KeycloakNews): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(news), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
