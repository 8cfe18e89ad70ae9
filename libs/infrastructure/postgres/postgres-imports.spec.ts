import { afterAll, beforeAll } from 'vitest'
import { importsContract } from '../../core/imports/application/imports.contract.ts'
import { ImportLease } from './import-lease.ts'
import { PostgresImportFiles } from './postgres-import-files.ts'
import { PostgresImports } from './postgres-imports.ts'
import { PostgresImportShifts } from './postgres-import-shifts.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

importsContract('Postgres', () => {
  const { database } = postgres
  const count = async (table: string, id: string): Promise<number> =>
    (await database.rows(`SELECT FROM kitter.${table} WHERE import = $1`, id)).length
  return Promise.resolve({
    imports: new PostgresImports(database),
    files: new PostgresImportFiles(database, new ImportLease()),
    shifts: new PostgresImportShifts(database, new ImportLease()),
    expireLease: async (id) => {
      await database.rows('UPDATE kitter.imports SET lease_until = now() WHERE id = $1', id)
    },
    age: async (id, seconds) => {
      const sql = 'UPDATE kitter.imports SET ended_at = now() - make_interval(secs => $2) WHERE id = $1'
      await database.rows(sql, id, seconds)
    },
    kept: async (id) => ({
      pieces: await count('import_chunks', id),
      rows: await count('import_rows', id),
      names: await count('import_names', id),
    }),
    clear: async () => {
      await database.rows('TRUNCATE kitter.imports, kitter.import_chunks, kitter.import_rows, kitter.import_names')
    },
  })
})
