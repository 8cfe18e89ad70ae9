import { expect, it } from 'vitest'
import { query } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'
import type { ServiceProcess } from './service-process.fixture.ts'

/** What Prometheus reads: every figure by its name and labels. */
async function figuresOf(service: ServiceProcess): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(new URL('/metrics', service.url))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

function requests(method: string, route: string, status: number): string {
  return `kitter_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`
}

function operations(kind: string, outcome: string): string {
  return `kitter_operation_duration_seconds_count{kind="${kind}",outcome="${outcome}"}`
}

it('/metrics counts requests by route, operations by kind and outcome, and connections; outside the prefix', async () => {
  await using scene = new Scene()
  const service = await scene.start({ ...(await scene.onDatabase()), HTTP_PREFIX: '/kitter' })
  expect(service.url).toMatch(/\/kitter$/)
  await service.createUser('alice')
  const twice = await service.call('POST', '/users', { user: { username: 'alice' } })
  expect(twice.status).toBe(409)
  const unknown = ['7c0f1bd4-4d3b-4c3e-a9a5-0c5d5a8f6a11', '7c0f1bd4-4d3b-4c3e-a9a5-0c5d5a8f6a12']
  for (const id of unknown) expect((await service.call('GET', `/users/${id}`)).status).toBe(404)

  const figures = await figuresOf(service)
  expect(figures.get(requests('POST', '/kitter/users', 201))).toBe(1)
  expect(figures.get(requests('POST', '/kitter/users', 409))).toBe(1)
  expect(figures.get(requests('GET', '/kitter/users/:id', 404))).toBe(2)
  expect([...figures.keys()].filter((name) => unknown.some((id) => name.includes(id)))).toEqual([])
  expect(figures.get(operations('user.create', 'done'))).toBe(1)
  expect(figures.get(operations('user.create', 'refused'))).toBe(1)
  expect(figures.get('kitter_database_pool_connections{state="total"}')).toBeGreaterThan(0)
  expect(figures.get('kitter_database_pool_connections{state="waiting"}')).toBe(0)
  expect(figures.get('kitter_process_resident_memory_bytes')).toBeGreaterThan(0)
  expect((await service.call('GET', '/metrics')).status).toBe(404)
})

it('/metrics counts errors by route', async () => {
  await using scene = new Scene()
  const settings = await scene.onDatabase()
  const service = await scene.start(settings)
  await query(settings.DATABASE_URL, 'ALTER TABLE kitter.users RENAME TO gone')
  expect((await service.call('GET', '/users')).status).toBe(500)
  const figures = await figuresOf(service)
  expect(figures.get('kitter_http_request_errors_total{method="GET",route="/users"}')).toBe(1)
  expect(figures.get(requests('GET', '/users', 500))).toBe(1)
})
