import { gzipSync } from 'node:zlib'
import pg from 'pg'
import type { Role } from '#kernel'
import { askForTokens } from '../support/ask-for-tokens.ts'
import { BuiltKitter } from '../support/built-kitter.ts'
import type { Answer, CallOptions } from '../support/call.ts'
import { Door } from '../support/door.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { bodiesOf, errorsOf, pathOf, type PlacedOperation } from './api-document.fixture.ts'

/** What an operation answered, and which of its documented errors that should have been. */
export interface Provoked {
  readonly id: string
  /** The code, and the paths of the fields where there are some. */
  readonly title: string
  readonly answer: Answer
}

interface Sent extends CallOptions {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: string
}

/** Everything that a healthy kitter on the sandbox refuses, then everything with its database gone. */
export async function provokeErrors(operations: readonly PlacedOperation[]): Promise<readonly Provoked[]> {
  await using resources = new AsyncDisposableStack()
  const database = await createTestDatabase()
  resources.defer(() => database.drop())
  const door = resources.use(await Door.before(database.url))
  const settings = { DATABASE_URL: door.url, CALLER_ID_ENABLED: 'on', LOGIN_NAMES: 'domain' }
  const kitter = resources.use(await BuiltKitter.start(settings))
  const withoutCallerId = resources.use(await BuiltKitter.start())

  const provocations = new Provocations(kitter, operations)
  const scene = await sceneIn(provocations, database.url)
  const found = [
    ...(await provokeSwitchedOff(new Provocations(withoutCallerId, operations))),
    ...(await provokeAccess(provocations)),
    ...(await provokeInput(provocations)),
    ...(await provokeKeys(provocations)),
    ...(await provokeDomains(provocations, scene)),
    ...(await provokeUsers(provocations, scene)),
    ...(await provokeCallerId(provocations)),
    ...(await provokeOperations(provocations, scene)),
    ...(await provokeReconciliations(provocations)),
    ...(await provokeImports(provocations)),
  ]
  await door.shut()
  return [...found, ...(await provocations.forAll('service.unavailable', () => ({})))]
}

/** Sends what the document shows, but for what is given. */
class Provocations {
  constructor(
    readonly kitter: BuiltKitter,
    private readonly operations: readonly PlacedOperation[],
  ) {}

  async send(id: string, { path, query = '', token, ...sent }: Sent): Promise<Answer> {
    const operation = this.operations.find(({ operationId }) => operationId === id)
    if (operation === undefined) throw new Error(`the document has no ${id}`)
    const [shown] = sent.raw === undefined ? bodiesOf(operation) : []
    const file = sent.body === undefined && sent.raw === undefined ? fileShownBy(operation) : {}
    const headers = { ...file.headers, ...sent.headers }
    const options = { body: shown, ...file, ...sent, headers, ...(token !== undefined && { token }) }
    return this.kitter.call(operation.method, `${pathOf(operation, path)}${query}`, options)
  }

  /** One after the other: two that create the same user would stand in each other's way. */
  async each(wanted: readonly (readonly [id: string, title: string, sent: Sent])[]): Promise<readonly Provoked[]> {
    const found: Provoked[] = []
    for (const [id, title, sent] of wanted) found.push({ id, title, answer: await this.send(id, sent) })
    return found
  }

  /** For every operation that documents it. */
  async forAll(
    title: string,
    sent: (operation: PlacedOperation, sentence: string) => Sent | Promise<Sent>,
  ): Promise<readonly Provoked[]> {
    const found: Provoked[] = []
    for (const operation of this.operations) {
      const example = errorsOf(operation).find((error) => error.title === title)
      const wanted = example && (await sent(operation, example.value.error))
      if (wanted !== undefined) found.push(...(await this.each([[operation.operationId, title, wanted]])))
    }
    return found
  }
}

/** Where a body is no JSON. */
function fileShownBy({ requestBody }: PlacedOperation): Pick<Sent, 'raw' | 'headers'> {
  const [shown] = Object.entries(requestBody?.content ?? {}).filter(([type]) => type !== 'application/json')
  const [type, { examples = {} }] = shown ?? ['', {}]
  const [example] = Object.values(examples)
  return shown === undefined ? {} : { raw: String(example?.value), headers: { 'content-type': type } }
}

interface Scene {
  readonly root: string
  readonly anonymous: string
  readonly domain: string
  readonly emptyDomain: string
  readonly user: string
  readonly userWithoutEmail: string
  readonly disabledUser: string
  readonly administrator: string
  readonly domainAdmin: string
}

async function sceneIn(provocations: Provocations, databaseUrl: string): Promise<Scene> {
  const { kitter } = provocations
  const createDomain = async (domain: string, parent = 'quobis'): Promise<string> =>
    idIn(await provocations.send('createDomain', { body: { domain: { domain, parent } } }), 'domain')
  const createUser = async (username: string, fields: object = {}): Promise<string> => {
    const user = { username, attributes: { domain: 'example.com' }, ...fields }
    return idIn(await provocations.send('createUser', { body: { user } }), 'user')
  }
  const platform = async (name: string): Promise<string> => {
    const { body } = await provocations.send('listDomains', { query: `?name=${name}` })
    return (body as { readonly domains: readonly [{ readonly id: string }] }).domains[0].id
  }

  const domain = await createDomain('example.com')
  await createDomain('sub.example.com', 'example.com')
  const emptyDomain = await createDomain('other.example.com')
  const user = await createUser('johndoe', {
    email: 'user@example.com',
    credentials: { password: 'secret' },
    sip_mapping: { username: '205' },
  })
  const userWithoutEmail = await createUser('janedoe')
  const disabledUser = await createUser('gone', { email: 'gone@example.com', enabled: false })
  const administrator = await createUser('boss')
  for (let number = 5; number <= 12; number += 1) await createUser(`user${number}`)
  await makeAdministrator(databaseUrl, administrator)
  await provocations.send('createCallerIdEntry', {})
  return {
    root: await platform('quobis'),
    anonymous: await platform('anonymous'),
    domain,
    emptyDomain,
    user,
    userWithoutEmail,
    disabledUser,
    administrator,
    domainAdmin: await kitter.token('kitter-domain-admin', 'example.com'),
  }
}

function idIn({ status, text, body }: Answer, kind: 'domain' | 'user'): string {
  if (status !== 201) throw new Error(`the scene lacks a ${kind}: ${text}`)
  return (body as Readonly<Record<string, { readonly id: string }>>)[kind]!.id
}

/** As a realm's administrator would, behind kitter's back: kitter gives no roles. */
async function makeAdministrator(databaseUrl: string, userId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`UPDATE sandbox.accounts SET roles = '{kitter-admin}' WHERE id = $1`, [userId])
  await client.end()
}

function provokeSwitchedOff(provocations: Provocations): Promise<readonly Provoked[]> {
  return provocations.forAll('caller_id.disabled', () => ({}))
}

async function provokeAccess(provocations: Provocations): Promise<readonly Provoked[]> {
  const { kitter } = provocations
  const user = { grant_type: 'password', username: 'johndoe@example.com', password: 'secret' }
  const { access_token: token } = await askForTokens(kitter.url, user)
  return [
    ...(await provocations.forAll('access.token_missing', () => ({ token: null }))),
    ...(await provocations.forAll('access.token_invalid', () => ({ token: 'not.a.token' }))),
    ...(await provocations.forAll('access.role_missing', () => ({ token: String(token) }))),
    ...(await provocations.forAll('access.forbidden', async (_, sentence) => ({ token: await tokenOf(sentence) }))),
  ]

  /** The sentence names the role that is refused. */
  async function tokenOf(sentence: string): Promise<string> {
    const role = sentence.split(' ').find((word): word is Role => word.startsWith('kitter-'))
    if (role === undefined) throw new Error(`no role in "${sentence}"`)
    return role === 'kitter-domain-admin' ? kitter.token(role, 'example.com') : kitter.token(role)
  }
}

async function provokeInput(provocations: Provocations): Promise<readonly Provoked[]> {
  const undecodable = ({ parameters }: PlacedOperation): Sent => ({
    path: Object.fromEntries(parameters.filter(isInPath).map(({ name }) => [name, '%zz'])),
  })
  const large = `{"filler":"${'x'.repeat(1024 * 1024)}"}`
  return [
    ...(await provocations.forAll('request.malformed', (operation) =>
      operation.parameters.some(isInPath) ? undecodable(operation) : { raw: '{' },
    )),
    ...(await provocations.forAll('request.too_large', () => ({ raw: large }))),
    ...(await provocations.forAll('request.media_type', () => ({ headers: { 'content-type': 'text/plain' } }))),
  ]
}

async function provokeKeys(provocations: Provocations): Promise<readonly Provoked[]> {
  const key = (value: string): Sent => ({ headers: { 'idempotency-key': value } })
  await provocations.send('logOutRealm', { ...key('once'), query: '?another=request' })
  return [
    ...(await provocations.forAll('request.invalid Idempotency-Key', () => key('two words'))),
    ...(await provocations.forAll('idempotency.key_reused', () => key('once'))),
  ]
}

function isInPath(parameter: PlacedOperation['parameters'][number]): boolean {
  return parameter.in === 'path'
}

async function provokeDomains(
  provocations: Provocations,
  { root, anonymous, domain, emptyDomain }: Scene,
): Promise<readonly Provoked[]> {
  const create = (fields: object): Sent => ({ body: { domain: { domain: 'new.example.com', ...fields } } })
  const update = (id: string, body: object): Sent => ({ path: { id }, body })
  const unknown = '0123456789abcdef01234567'
  return provocations.each([
    ['listDomains', 'request.invalid name', { query: '?name=one&name=two' }],
    ['createDomain', 'request.invalid domain.parent', create({ parent: 'unknown.example.com' })],
    ['createDomain', 'request.invalid domain.remote_sip_register', create({ remote_sip_register: true })],
    ['createDomain', 'domain.name_taken', create({ domain: 'example.com' })],
    ['readDomain', 'domain.unknown', { path: { id: unknown } }],
    ['updateDomain', 'request.invalid parent', update(emptyDomain, { parent: 'unknown.example.com' })],
    ['updateDomain', 'request.invalid remote_sip_register', update(emptyDomain, { remote_sip_register: true })],
    ['updateDomain', 'domain.unknown', update(unknown, {})],
    ['updateDomain', 'domain.name_taken', update(emptyDomain, { domain: 'example.com' })],
    ['updateDomain', 'domain.not_empty', update(domain, { domain: 'new.example.com' })],
    ['updateDomain', 'domain.loop', update(domain, { parent: 'sub.example.com' })],
    ['updateDomain', 'domain.protected', update(anonymous, {})],
    ['deleteDomain', 'domain.unknown', { path: { id: unknown } }],
    ['deleteDomain', 'domain.not_empty', { path: { id: domain } }],
    ['deleteDomain', 'domain.protected', { path: { id: root } }],
    ['logOutDomain', 'domain.unknown', { path: { id: unknown } }],
  ])
}

async function provokeUsers(provocations: Provocations, scene: Scene): Promise<readonly Provoked[]> {
  const { user, userWithoutEmail, disabledUser, administrator, domainAdmin } = scene
  const create = (fields: object): Sent => ({
    body: { user: { username: 'new', attributes: { domain: 'example.com' }, ...fields } },
  })
  const update = (body: object): Sent => ({ path: { id: userWithoutEmail }, body })
  const asDomainAdmin: Sent = { path: { id: administrator }, token: domainAdmin }
  const unknown: Sent = { path: { id: '00000000-0000-4000-8000-000000000000' } }
  const longName = 'x'.repeat(255)
  return provocations.each([
    ['listUsers', 'request.invalid paginate[max]', { query: '?paginate[max]=0' }],
    ['searchUsers', 'request.invalid after', { query: '?after=AAAA' }],
    ['createUser', 'request.invalid user.email', create({ email: 'no address' })],
    ['createUser', 'request.invalid user.attributes.domain', create({ attributes: { domain: 'unknown.example.com' } })],
    ['createUser', 'request.invalid user.username', create({ username: longName })],
    ['createUser', 'user.name_taken', create({ username: 'johndoe' })],
    ['createUser', 'user.email_taken', create({ email: 'user@example.com' })],
    ['createUser', 'user.sip_mapping_taken', create({ sip_mapping: { username: '205' } })],
    ['readUser', 'user.unknown', unknown],
    ['findUser', 'user.unknown', { path: { username: 'nobody' } }],
    ['updateUser', 'request.invalid email', update({ email: 'no address' })],
    ['updateUser', 'request.invalid attributes.domain', update({ attributes: { domain: 'unknown.example.com' } })],
    ['updateUser', 'request.invalid username', update({ username: longName })],
    ['updateUser', 'access.administrator', asDomainAdmin],
    ['updateUser', 'user.unknown', unknown],
    ['updateUser', 'user.name_taken', update({ username: 'johndoe' })],
    ['updateUser', 'user.email_taken', update({ email: 'user@example.com' })],
    ['deleteUser', 'access.administrator', asDomainAdmin],
    ['deleteUser', 'user.unknown', unknown],
    ['sendPasswordResetMail', 'access.administrator', asDomainAdmin],
    ['sendPasswordResetMail', 'user.unknown', unknown],
    ['sendPasswordResetMail', 'user.email_missing', { path: { id: userWithoutEmail } }],
    ['sendPasswordResetMail', 'user.disabled', { path: { id: disabledUser } }],
    ['logOutUser', 'access.administrator', asDomainAdmin],
    ['logOutUser', 'user.unknown', unknown],
    ['readUser', 'user.unknown', { path: { id: `${user}0` } }],
  ])
}

async function provokeOperations(provocations: Provocations, { user }: Scene): Promise<readonly Provoked[]> {
  const { body } = await provocations.send('listOperations', { query: `?subject=${user}&state=done` })
  const [{ id }] = (body as { readonly operations: readonly [{ readonly id: string }] }).operations
  const unknown: Sent = { path: { id: '00000000-0000-4000-8000-000000000000' } }
  return provocations.each([
    ['listOperations', 'request.invalid since', { query: '?since=yesterday' }],
    ['readOperation', 'operation.unknown', unknown],
    ['retryOperation', 'operation.unknown', unknown],
    ['retryOperation', 'operation.settled', { path: { id } }],
    ['listAuditEntries', 'request.invalid since', { query: '?since=yesterday' }],
  ])
}

/** The first one runs for a second, until it's begun. */
async function provokeImports(provocations: Provocations): Promise<readonly Provoked[]> {
  const unknown: Sent = { path: { id: '00000000-0000-4000-8000-000000000000' } }
  const csv = { headers: { 'content-type': 'text/csv' } }
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'username,domain\n'))
  const packed = { 'content-type': 'text/csv', 'content-encoding': 'gzip' }
  const { body } = await provocations.send('startImport', { ...csv, raw: 'username,domain\n' })
  const started: Sent = { path: { id: (body as { readonly import: { readonly id: string } }).import.id } }
  await provocations.send('cancelImport', started)
  return provocations.each([
    ['listImports', 'request.invalid paginate[max]', { query: '?paginate[max]=0' }],
    ['startImport', 'request.invalid on_existing', { ...csv, raw: 'username,domain\n', query: '?on_existing=replace' }],
    ['startImport', 'request.invalid file', { ...csv, raw: '' }],
    ['startImport', 'import.too_large', { headers: packed, raw: bomb }],
    ['readImport', 'import.unknown', unknown],
    ['listImportRows', 'request.invalid outcome', { ...started, query: '?outcome=lost' }],
    ['listImportRows', 'import.unknown', unknown],
    ['cancelImport', 'import.unknown', unknown],
    ['cancelImport', 'import.ended', started],
    ['resumeImport', 'import.unknown', unknown],
    ['resumeImport', 'import.not_paused', started],
  ])
}

async function provokeReconciliations(provocations: Provocations): Promise<readonly Provoked[]> {
  const { body } = await provocations.send('startReconciliation', { body: { scope: 'all' } })
  const { id } = (body as { readonly reconciliation: { readonly id: string } }).reconciliation
  const ended: Sent = { path: { id } }
  const unknown: Sent = { path: { id: '00000000-0000-4000-8000-000000000000' } }
  const scope = 'unknown.example.com'
  const running = await provocations.each([['startReconciliation', 'reconciliation.running', {}]])
  await provocations.send('cancelReconciliation', ended)
  const others = await provocations.each([
    ['startReconciliation', 'request.invalid scope', { body: { scope } }],
    ['listReconciliations', 'request.invalid paginate[max]', { query: '?paginate[max]=0' }],
    ['readReconciliation', 'reconciliation.unknown', unknown],
    ['listDifferences', 'request.invalid outcome', { ...ended, query: '?outcome=lost' }],
    ['listDifferences', 'reconciliation.unknown', unknown],
    ['cancelReconciliation', 'reconciliation.unknown', unknown],
    ['cancelReconciliation', 'reconciliation.ended', ended],
  ])
  return [...running, ...others]
}

async function provokeCallerId(provocations: Provocations): Promise<readonly Provoked[]> {
  return provocations.each([
    ['listCallerIdEntries', 'request.invalid paginate[max]', { query: '?paginate[max]=0' }],
    ['createCallerIdEntry', 'request.invalid value', { body: { name: 'new' } }],
    ['createCallerIdEntry', 'caller_id.name_taken', {}],
    ['readCallerIdEntry', 'caller_id.unknown', { path: { name: 'unknown' } }],
    ['deleteCallerIdEntry', 'caller_id.unknown', { path: { name: 'unknown' } }],
  ])
}
