import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { TestKitter } from '../../support/test-kitter.ts'
import { createImport } from './import-subject.fixture.ts'
import { createReconciliation } from './reconciliation-subject.fixture.ts'

export type Body = Readonly<Record<string, unknown>>

/** One operation of kitter's own API, and what it takes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As the OpenAPI document writes it. */
  readonly path: string
  readonly success: number
  /** The keys that its query may have. */
  readonly query?: readonly string[]
  /** A body that is right, where it takes one. The name is one that nobody has. */
  readonly body?: (name: string) => Body
  /** A file that is right, where it takes one. */
  readonly file?: (name: string) => string
  /** What a caller is told of an id that there isn't. */
  readonly unknown?: string
  /** It is about a reconciliation that is running. */
  readonly ofRunning?: true
}

const paging = ['paginate[max]', 'paginate[page]']

/** All of them: `route-table.spec.ts` compares them with `/openapi.json`. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/domains', success: 200, query: ['name', 'nameContains'] },
  { method: 'POST', path: '/domains', success: 201, body: (domain) => ({ domain: { domain } }) },
  { method: 'GET', path: '/domains/{id}', success: 200, unknown: 'domain.unknown' },
  {
    method: 'PATCH',
    path: '/domains/{id}',
    success: 200,
    body: () => ({ enable_anonymous: false }),
    unknown: 'domain.unknown',
  },
  { method: 'DELETE', path: '/domains/{id}', success: 204, unknown: 'domain.unknown' },
  { method: 'POST', path: '/domains/{id}/logout', success: 200, unknown: 'domain.unknown' },
  {
    method: 'GET',
    path: '/users',
    success: 200,
    query: ['email', 'username', 'exact', 'phone_number', 'domain', 'email_verified', ...paging],
  },
  {
    method: 'GET',
    path: '/users/search',
    success: 200,
    query: ['q', 'domain', 'starts_with', 'contains', 'equals', 'match', 'sort', 'limit', 'after'],
  },
  { method: 'POST', path: '/users', success: 201, body: (username) => ({ user: { username } }) },
  { method: 'POST', path: '/users/logout', success: 200 },
  { method: 'GET', path: '/users/{domain}/{username}', success: 200, unknown: 'user.unknown' },
  { method: 'GET', path: '/users/{id}', success: 200, unknown: 'user.unknown' },
  { method: 'PATCH', path: '/users/{id}', success: 200, body: () => ({ enabled: true }), unknown: 'user.unknown' },
  { method: 'DELETE', path: '/users/{id}', success: 204, unknown: 'user.unknown' },
  { method: 'POST', path: '/users/{id}/logout', success: 200, unknown: 'user.unknown' },
  { method: 'POST', path: '/users/{id}/reset-password-email', success: 202, unknown: 'user.unknown' },
  { method: 'GET', path: '/callerIdManager', success: 200, query: ['nameContains', 'valueContains', ...paging] },
  { method: 'POST', path: '/callerIdManager', success: 201, body: (name) => ({ name, value: 'value' }) },
  { method: 'POST', path: '/callerIdManager/reload', success: 200 },
  { method: 'GET', path: '/callerIdManager/{name}', success: 200, unknown: 'caller_id.unknown' },
  { method: 'DELETE', path: '/callerIdManager/{name}', success: 204, unknown: 'caller_id.unknown' },
  { method: 'GET', path: '/operations', success: 200, query: ['state', 'subject', 'since', ...paging] },
  { method: 'GET', path: '/operations/{id}', success: 200, unknown: 'operation.unknown' },
  { method: 'POST', path: '/operations/{id}/retry', success: 202, unknown: 'operation.unknown' },
  { method: 'GET', path: '/reconciliations', success: 200, query: paging },
  { method: 'POST', path: '/reconciliations', success: 202, body: () => ({ scope: 'all' }) },
  { method: 'GET', path: '/reconciliations/{id}', success: 200, unknown: 'reconciliation.unknown' },
  {
    method: 'GET',
    path: '/reconciliations/{id}/differences',
    success: 200,
    query: ['outcome', ...paging],
    unknown: 'reconciliation.unknown',
  },
  {
    method: 'POST',
    path: '/reconciliations/{id}/cancel',
    success: 200,
    unknown: 'reconciliation.unknown',
    ofRunning: true,
  },
  { method: 'GET', path: '/imports', success: 200, query: paging },
  {
    method: 'POST',
    path: '/imports',
    success: 202,
    query: ['dry_run', 'on_existing', 'create_domains', 'columns', 'dialect', 'domain'],
    file: (name) => `username,domain\n${name},nowhere.example\n`,
  },
  { method: 'GET', path: '/imports/{id}', success: 200, unknown: 'import.unknown' },
  { method: 'GET', path: '/imports/{id}/rows', success: 200, query: ['outcome', ...paging], unknown: 'import.unknown' },
  { method: 'POST', path: '/imports/{id}/cancel', success: 200, unknown: 'import.unknown' },
  { method: 'POST', path: '/imports/{id}/resume', success: 200, unknown: 'import.unknown' },
  { method: 'GET', path: '/audit', success: 200, query: ['actor', 'subject', 'since', ...paging] },
  { method: 'GET', path: '/health/liveness', success: 200 },
  { method: 'GET', path: '/health/readiness', success: 200 },
]

export const named = routes.map((route) => [`${route.method} ${route.path}`, route] as const)
export const withQuery = named.filter(([, { method, query }]) => method === 'GET' && query !== undefined)
export const withBody = named.filter(([, { body }]) => body !== undefined)
export const withId = named.filter(([, { path }]) => path.includes('{'))
/** The POSTs that need no body. */
export const bodiless = named.filter(
  ([, { method, body, file }]) => method === 'POST' && body === undefined && file === undefined,
)

let names = 0

/** Good as a username, a domain's name and an entry's. */
export function uniqueName(): string {
  names += 1
  return `name-${names}`
}

/** What the ids in the paths are ids of. */
export interface Subjects {
  /** Empty. */
  readonly domain: { readonly id: string; readonly name: string }
  readonly user: { readonly id: string; readonly username: string; readonly domain: string }
  readonly entry: string
  /** One that nobody settles. */
  readonly operation?: string
  /** Paused, with one row, of the token's holder. */
  readonly import?: string
  /** With one difference. */
  readonly reconciliation?: string
}

/**
 * The domain below this one, the user in it, the operation of the token's holder, and a reconciliation that has ended,
 * but for what is about one that is running. Another that was running has ended by then.
 */
export async function createSubjects(
  kitter: TestKitter,
  home = 'quobis',
  token = kitter.adminToken,
  { ofRunning }: Pick<Route, 'ofRunning'> = {},
): Promise<Subjects> {
  const name = uniqueName()
  const domain = await kitter.createDomain(`${name}.example`, home)
  const user = await kitter.createUser(name, { email: `${name}@example.com`, attributes: { domain: home } })
  const entry = await kitter.call('POST', '/callerIdManager', { body: { name, value: 'value' } })
  if (entry.status !== 201) throw new Error(`no entry ${name}: ${entry.text}`)
  return {
    domain: { id: domain.id, name: domain.domain },
    user: { ...user, domain: home },
    entry: name,
    operation: await createOperation(kitter, token),
    import: await createImport(kitter, subjectOf(token), home),
    reconciliation: await createReconciliation(kitter, ofRunning ? 'running' : 'done'),
  }
}

function subjectOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
}

/** As if somebody carried it on for a long time. */
async function createOperation({ databaseUrl }: TestKitter, token: string): Promise<string> {
  const sub = subjectOf(token)
  const id = randomUUID()
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const sql = `
    INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until)
    VALUES ($1, 'test.wait', 'nothing', $2, 'open', now() + interval '1 day')`
  await client.query(sql, [id, sub]).finally(() => client.end())
  return id
}

/** The path with the ids of things that are there. */
export function pathOf({ path }: Pick<Route, 'path'>, subjects: Subjects): string {
  return path
    .replace('{domain}', subjects.user.domain)
    .replace('{username}', subjects.user.username)
    .replace('{name}', subjects.entry)
    .replace('{id}', idIn(path, subjects))
}

function idIn(path: string, subjects: Subjects): string {
  const { domain, user, operation, reconciliation } = subjects
  if (path.startsWith('/users')) return user.id
  if (path.startsWith('/operations')) return operation ?? nowhere
  if (path.startsWith('/imports')) return subjects.import ?? nowhere
  if (path.startsWith('/reconciliations')) return reconciliation ?? nowhere
  return domain.id
}

const nowhere = '550e8400-e29b-41d4-a716-446655440000'
