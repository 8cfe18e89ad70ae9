import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../../support/test-database.ts'
import { startSystems, TestKitter } from '../../support/test-kitter.ts'
import type { TestSystems } from '../../support/test-systems.ts'
import { ImportsApi, verdicts } from '../imports/imports-api.fixture.ts'
import { makeProbeKnown } from './probe-dialect.fixture.ts'

const domain = 'documents.example'
const wish = { type: 'application/x-ndjson', query: `dialect=probe&domain=${domain}` }
const patience = { timeout: 20_000, interval: 30 }

const resources = new AsyncDisposableStack()
let databaseUrl: string
let systems: TestSystems
beforeAll(async () => {
  makeProbeKnown()
  const database = await createTestDatabase()
  resources.defer(() => database.drop())
  databaseUrl = database.url
  systems = resources.use(await startSystems(databaseUrl))
  await using kitter = await kitterThatSpeaks('')
  await kitter.createDomain(domain)
})
afterAll(() => resources.disposeAsync())

/** Over the same database as the others. */
function kitterThatSpeaks(dialects: string): Promise<TestKitter> {
  const timing = { imports: { restSeconds: 0.1, mostTries: 2 } }
  return TestKitter.start({ DATABASE_URL: databaseUrl, DIALECTS: dialects }, systems, undefined, timing)
}

const documents = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

it('A document at which its reader fails keeps no other from being imported', async () => {
  await using kitter = await kitterThatSpeaks('probe')
  const rows = [{ username: 'before' }, { username: 'broken', fault: true }, { username: 'behind' }]
  const { told } = await new ImportsApi(kitter).run(documents(...rows), wish)
  expect(verdicts(told)).toEqual(['created', 'refused internal', 'created'])
  expect(told[1]?.sentence).toBe("Something went wrong in kitter. Its log says more under the import's id.")
})

it('A kitter without the dialect pauses an import of its documents, and says what is missing', async () => {
  const many = documents(...Array.from({ length: 2000 }, (_, index) => ({ username: `many${index}` })))
  let id: string
  {
    await using speaking = await kitterThatSpeaks('probe')
    id = await new ImportsApi(speaking).start(many, { ...wish, query: `${wish.query}&dry_run=true` })
  }
  {
    await using silent = await kitterThatSpeaks('')
    const paused = { state: 'paused', last_error: "This kitter doesn't speak probe: DIALECTS must name it." }
    await expect.poll(() => new ImportsApi(silent).read(id), patience).toMatchObject(paused)
  }
  await using speaking = await kitterThatSpeaks('probe')
  const imports = new ImportsApi(speaking)
  expect(await imports.call('POST', `/imports/${id}/resume`)).toMatchObject({ status: 200 })
  expect(await imports.ended(id)).toMatchObject({ state: 'done', rows: { created: 2000, refused: 0 } })
})
