import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { FullDisk } from './full-disk.fixture.ts'
import { csv, ImportsApi } from './imports-api.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let imports: ImportsApi
let look: DatabaseLook
let disk: FullDisk

beforeAll(async () => {
  const timing = { importLeaseSeconds: 2, imports: { restSeconds: 0.2, renewSeconds: 0.5 } }
  const hurry = { ...timing, leaseSeconds: 2, recovery: { firstSeconds: 0.25, lateSeconds: 2 } }
  kitter = resources.use(await TestKitter.start({}, undefined, undefined, hurry))
  look = resources.use(await DatabaseLook.into(kitter))
  imports = new ImportsApi(kitter)
  disk = await FullDisk.of(look)
  await kitter.createDomain('home.example')
})
afterEach(() => disk.free())
afterAll(() => resources.disposeAsync())

const patience = { timeout: 30_000, interval: 30 }

function fileOf(name: string, count: number): string {
  return csv('username,domain', ...Array.from({ length: count }, (_, index) => `${name}${index},home.example`))
}

it.each(['kitter.imports', 'kitter.import_chunks'])(
  'A file that finds no room in %s is refused, may be sent again, and leaves nothing',
  async (table) => {
    await disk.fill(table)
    const { status, headers, body } = await imports.send(fileOf('roomless', 50_000))
    expect([status, headers.get('retry-after')]).toEqual([503, '5'])
    expect(body).toMatchObject({
      code: 'service.unavailable',
      error: "kitter's database has no room left. Nothing was changed.",
    })
    await disk.free()
    await expect.poll(() => look.count('kitter.imports'), patience).toBe(0)
    expect(await look.count('kitter.import_chunks')).toBe(0)
    expect((await imports.call('GET', '/imports')).body.total).toBe(0)
  },
)

it('An import whose database has no room left waits for some: no row is lost, and none is done twice', async () => {
  const count = 1000
  const id = await imports.start(fileOf('waiting', count))
  await expect.poll(async () => (await imports.read(id)).rows.created, patience).toBeGreaterThan(0)
  const before = await disk.refusals()
  await disk.fill('kitter.operations', 'kitter.users', 'kitter.import_rows', 'sandbox.wac_users', 'sandbox.accounts')
  await expect.poll(() => disk.refusals(), patience).toBeGreaterThan(before + 100)
  const waiting = { state: 'running', last_error: "kitter's database has no room left. Nothing was changed." }
  await expect.poll(() => imports.read(id), patience).toMatchObject(waiting)
  await disk.free()

  const { state, rows } = await imports.ended(id, 60_000)
  expect([state, rows]).toEqual([
    'done',
    { read: count, created: count, updated: 0, skipped: 0, refused: 0, unsettled: 0 },
  ])
  const told = await imports.rows(id)
  expect(told.map(({ row }) => row)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  expect(await look.count('kitter.users', `username LIKE 'waiting%'`)).toBe(count)
  expect(await look.count('sandbox.accounts', `login_name LIKE 'waiting%'`)).toBe(count)
  expect(await look.count('sandbox.wac_users', `document ->> 'username' LIKE 'waiting%'`)).toBe(count)
}, 120_000)
