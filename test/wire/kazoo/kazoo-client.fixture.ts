import { randomUUID } from 'node:crypto'
import { type Answer, type CallOptions, TestKitter } from '../../support/test-kitter.ts'
import { WireClient } from '../errors/wire-client.fixture.ts'

type Document = Readonly<Record<string, unknown>>

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
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(...[settings, ...rest]: Parameters<typeof TestKitter.start>): Promise<KazooClient> {
    await using resources = new AsyncDisposableStack()
    const kitter = resources.use(await TestKitter.start({ DIALECTS: 'kazoo', ...settings }, ...rest))
    const wire = resources.use(new WireClient(kitter))
    return new KazooClient(kitter, wire, resources.move())
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}
