import type { Abstract, Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { describe, expect, it } from 'vitest'
import { StartError } from '#kernel'
import { SipProxy } from '#core/caller-id'
import { DomainRegistry } from '#core/domains'
import { SessionControl } from '#core/sessions'
import {
  AccountChanges,
  Administrators,
  CommunicationsUsers,
  Credentials,
  IdentityDirectory,
  UserSessions,
} from '#core/users'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { SandboxDatabase } from './database/sandbox-database.ts'
import { SandboxModule } from './sandbox.module.ts'
import type { SandboxPart } from './sandbox-settings.ts'
import { TestSandbox } from './test-sandbox.fixture.ts'

const portsOf: Readonly<Record<SandboxPart, readonly (Type | Abstract<unknown>)[]>> = {
  keycloak: [IdentityDirectory, AccountChanges, Credentials, Administrators, UserSessions, SessionControl],
  'wac-core': [DomainRegistry, CommunicationsUsers],
  'sip-proxy': [SipProxy],
}
const allPorts = Object.values(portsOf).flat()

describe('The module', () => {
  it('stands in for everything, where nothing is said', async () => {
    await using sandbox = await TestSandbox.start()
    for (const port of allPorts) expect(sandbox.get(port)).toBeInstanceOf(port)
  })

  it.each(['keycloak', 'wac-core', 'sip-proxy'] as const)('stands in for %s alone', async (part) => {
    const database = await createTestDatabase()
    const module = SandboxModule.over({ databaseUrl: database.url, standsInFor: [part] })
    const app = await NestFactory.createApplicationContext(module, { logger: false })
    for (const port of allPorts) {
      if (portsOf[part].includes(port)) expect(app.get(port)).toBeInstanceOf(port)
      else expect(() => void app.get(port)).toThrow()
    }
    await app.close()
    await database.drop()
  })

  it('closes its database with the app, and not before', async () => {
    const sandbox = await TestSandbox.start()
    const database = sandbox.get(SandboxDatabase)
    await database.ping()
    await sandbox[Symbol.asyncDispose]()
    await expect(database.ping()).rejects.toThrow()
  })

  it('keeps to its own schema, with the list of its migrations', async () => {
    await using sandbox = await TestSandbox.start()
    const sql = `SELECT DISTINCT schemaname AS schema FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`
    expect(await sandbox.rows(sql)).toEqual([{ schema: 'sandbox' }])
    expect(await sandbox.rows('SELECT FROM sandbox.migrations')).toHaveLength(4)
  })

  it('says in a sentence that there is no database', async () => {
    const module = SandboxModule.over({ databaseUrl: 'postgres://kitter:secret@127.0.0.1:1/kitter' })
    const starting = NestFactory.createApplicationContext(module, { logger: false, abortOnError: false })
    const error: unknown = await starting.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StartError)
    expect(String(error)).not.toContain('secret')
  })
})
