import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '#kernel'
import { TestPostgres } from '../../../infrastructure/postgres/test-postgres.fixture.ts'
import { PostgresOperationRecords } from '../../../infrastructure/postgres/postgres-operation-records.ts'
import { OperationsService } from './operations.service.ts'

const id = '5a7c8b1e-0000-4000-8000-000000000001'
const tomorrow = 'a role of tomorrow' as Role
const page = { max: 10, page: 0 }

let postgres: TestPostgres
let service: OperationsService
beforeAll(async () => {
  postgres = await TestPostgres.start()
  service = new OperationsService(new PostgresOperationRecords(postgres.database))
  const owner = { subject: 'owner', name: 'owner', role: 'kitter-admin' } as const
  await postgres.operations().begin({ id, kind: 'test', subject: 'x', actor: owner, claims: [] })
})
afterAll(() => postgres[Symbol.asyncDispose]())

describe('operations', () => {
  it.each(['kitter-admin', 'kitter-viewer'] as const)('of others are seen by a %s', async (role) => {
    const actor = { subject: 'somebody', name: 'somebody', role }
    expect((await service.list(actor, {}, page)).total).toBe(1)
    expect((await service.read(actor, id)).id).toBe(id)
  })

  it.each<Role>(['kitter-domain-admin', tomorrow])('of others are not seen by a %s', async (role) => {
    const by = (subject: string) => ({ subject, name: subject, role })
    expect((await service.list(by('somebody'), {}, page)).total).toBe(0)
    await expect(service.read(by('somebody'), id)).rejects.toMatchObject({ code: 'operation.unknown' })
    expect((await service.read(by('owner'), id)).id).toBe(id)
  })
})
