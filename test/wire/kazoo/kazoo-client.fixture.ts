import { randomUUID } from 'node:crypto'
import { type Answer, type CallOptions, TestKitter } from '../../support/test-kitter.ts'
import { WireClient } from '../errors/wire-client.fixture.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'

type Document = Readonly<Record<string, unknown>>

export const json = { 'content-type': 'application/json' }

/** An id that nobody has. */
export const nobody = 'f'.repeat(32)

/** The id that kitter's own API has for the user at a path. */
export function uuidIn(path: string): string {
  return path.slice(-32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export interface TestAccount {
  readonly id: string
  readonly domain: string
  /** Where its users are. */
  readonly users: string
}

/** A kitter that speaks Kazoo, and a client of Kazoo's. */
export class KazooClient implements AsyncDisposable {
  private constructor(
    readonly kitter: TestKitter,
    readonly wire: WireClient,
    readonly look: DatabaseLook,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(...[settings, ...rest]: Parameters<typeof TestKitter.start>): Promise<KazooClient> {
    await using resources = new AsyncDisposableStack()
    const kitter = resources.use(await TestKitter.start({ DIALECTS: 'kazoo', ...settings }, ...rest))
    const wire = resources.use(new WireClient(kitter))
    const look = resources.use(await DatabaseLook.into(kitter))
    return new KazooClient(kitter, wire, look, resources.move())
  }

  /** With the admin's token, unless another one is given; `null` sends none. */
  call(
    method: string,
    path: string,
    { token = this.kitter.adminToken, headers = {}, ...options }: CallOptions = {},
  ): Promise<Answer> {
    const given = { ...(token !== null && { 'x-auth-token': token }), ...headers }
    return this.wire.call(method, path, { ...options, token: null, headers: given })
  }

  /** A body that says the data. */
  send(method: string, path: string, data: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.call(method, path, { ...options, body: { data } })
  }

  async account(parent?: string): Promise<TestAccount> {
    const domain = `${randomUUID()}.example`
    const { id } = await this.kitter.createDomain(domain, parent)
    return { id: `00000000${id}`, domain, users: `/v2/accounts/00000000${id}/users` }
  }

  /** Where the new user is. */
  async user({ users }: TestAccount, data: Document = {}): Promise<string> {
    const made = await this.send('PUT', users, { first_name: 'User', last_name: 'Three', ...data })
    if (made.status !== 201) throw new Error(`no user: ${made.text}`)
    return `${users}/${String(made.body.data.id)}`
  }

  /** What the audit trail has of a user or an account, the last first, and the text that says so. */
  async audited(subject: string): Promise<{ readonly entries: readonly Document[]; readonly text: string }> {
    const { body, text } = await this.kitter.call('GET', `/audit?subject=${subject}`)
    return { entries: body.entries as readonly Document[], text }
  }

  /** What has been told of the user at a path, in its order: `user.create done`. */
  async toldOf(path: string): Promise<readonly string[]> {
    const { entries } = await this.audited(uuidIn(path))
    return entries.map(({ action, outcome }) => `${String(action)} ${String(outcome)}`).toReversed()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}
