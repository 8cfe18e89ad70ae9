import { execFile } from 'node:child_process'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import { findJava } from '../../support/keycloak/find-java.ts'
import { keycloakVersion } from '../../support/keycloak/keycloak-archive.ts'

/** What was measured on, and with: a line for a list each. */
export async function machine(postgresVersion: string): Promise<readonly string[]> {
  const gigabytes = Math.round(totalmem() / 1024 ** 3)
  return [
    `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'a processor'}, ${gigabytes} GB, ${type()} ${release()}`,
    `Keycloak ${keycloakVersion} on ${await javaVersion()}, Postgres ${postgresVersion}, Node ${process.versions.node}`,
  ]
}

async function javaVersion(): Promise<string> {
  const { stderr } = await promisify(execFile)(findJava(process.env) ?? 'java', ['-version'])
  return `Java ${/version "([^"]+)"/.exec(stderr)?.[1] ?? ''}`
}
