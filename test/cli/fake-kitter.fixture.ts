import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'

export interface FakeRequest {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly headers: IncomingMessage['headers']
}

export interface FakeAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface FakeUser {
  readonly username: string
  readonly attributes: { readonly domain: string; readonly phone_number?: string }
  readonly [field: string]: unknown
}

/** An answer instead of the usual one; `'drop'` ends the connection without any. */
type Fault = (request: FakeRequest) => FakeAnswer | 'drop' | undefined | Promise<FakeAnswer | 'drop' | undefined>

/** As much of kitter's API as an import needs, over real sockets, with faults to order. */
export class FakeKitter {
  readonly token = 'fake-kitter-token.with-32-characters'
  readonly domains = new Set(['quobis'])
  readonly users = new Map<string, FakeUser>()
  readonly requests: (FakeRequest & { readonly status: number | 'dropped' })[] = []
  /** Before the usual handling. */
  before: Fault = () => undefined
  /** After it: the work is done, whatever is answered. */
  after: Fault = () => undefined
  /** kitter claims a name at once, and shows the user when it is provisioned. */
  provisioning: (name: string) => Promise<void> = () => Promise.resolve()
  connections = 0
  mostAtOnce = 0
  private atOnce = 0
  private readonly creating = new Set<string>()
  private readonly sockets = new Set<Socket>()
  private server: Server | undefined
  private port = 0

  static async start(): Promise<FakeKitter> {
    const kitter = new FakeKitter()
    await kitter.listen()
    return kitter
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** For a second time, at the same address. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.serve(request, response))
    server.on('connection', (socket) => {
      this.connections++
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.server = server
  }

  /** Like a crash: what is under way gets no answer. */
  async close(): Promise<void> {
    const { server } = this
    if (server === undefined) return
    this.server = undefined
    for (const socket of this.sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }

  answered(method: string, path: string, status?: number): number {
    return this.requests.filter(
      (request) =>
        request.method === method && request.path === path && (status === undefined || request.status === status),
    ).length
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce)
    const content = await text(incoming).catch(() => '')
    const request: FakeRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      body: incoming.headers['content-type'] === 'application/json' ? JSON.parse(content) : content,
      headers: incoming.headers,
    }
    const answer = (await this.before(request)) ?? (await this.handle(request))
    const sent = (await this.after(request)) ?? answer
    this.atOnce--
    this.requests.push({ ...request, status: sent === 'drop' ? 'dropped' : sent.status })
    if (sent === 'drop') return void incoming.socket.destroy()
    response.writeHead(sent.status, { 'content-type': 'application/json; charset=utf-8', ...sent.headers })
    response.end(typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body))
  }

  private async handle({ method, path, headers, body }: FakeRequest): Promise<FakeAnswer> {
    if (!/^\/(users|domains)\b/.test(path)) return problem(404, 'route.unknown', 'There is nothing at this path.')
    if (headers.authorization !== `Bearer ${this.token}`) {
      return problem(401, 'access.token_invalid', 'The bearer token was refused: its signature is not right.')
    }
    const url = new URL(path, this.url)
    const [, first, domain, username] = url.pathname.split('/').map((part) => decodeURIComponent(part))
    if (method === 'POST' && path === '/users') return this.createUser((body as { user: FakeUser }).user)
    if (method === 'POST' && path === '/domains') return this.createDomain(body as { domain: { domain: string } })
    if (method === 'GET' && url.pathname === '/domains') return this.listDomains(url.searchParams.get('name') ?? '')
    if (method === 'GET' && first === 'users' && username !== undefined) return this.findUser(domain, username)
    return problem(404, 'route.unknown', 'There is nothing at this path.')
  }

  private async createUser(user: FakeUser): Promise<FakeAnswer> {
    const name = user.username.toLowerCase()
    if (/[\s/]/.test(name)) return invalid("user.username must be letters, digits and . _ - + @ ' only, without spaces")
    if (!this.domains.has(user.attributes.domain)) return invalid('user.attributes.domain names an unknown domain')
    if (this.users.has(name) || this.creating.has(name)) {
      return problem(409, 'user.name_taken', 'There is a user with this username already.')
    }
    this.creating.add(name)
    await this.provisioning(name)
    this.creating.delete(name)
    this.users.set(name, { ...user, username: name })
    return { status: 201, body: { user: { ...user, username: name } } }
  }

  private createDomain({ domain: { domain } }: { domain: { domain: string } }): FakeAnswer {
    if (/[^a-z0-9._-]/.test(domain)) return invalid('domain.domain must be labels of letters joined by dots')
    if (this.domains.has(domain)) return problem(409, 'domain.name_taken', `There is a domain named ${domain} already.`)
    this.domains.add(domain)
    return { status: 201, body: { domain: { domain } } }
  }

  private listDomains(name: string): FakeAnswer {
    return { status: 200, body: { domains: this.domains.has(name) ? [{ domain: name }] : [] } }
  }

  private findUser(domain: string | undefined, username: string): FakeAnswer {
    const user = this.users.get(username.toLowerCase())
    if (user?.attributes.domain !== domain) return problem(404, 'user.unknown', 'There is no such user.')
    return { status: 200, body: user }
  }
}

export function problem(status: number, code: string, error: string): FakeAnswer {
  return { status, body: { error, code, request_id: 'fake' } }
}

function invalid(sentence: string): FakeAnswer {
  return problem(400, 'request.invalid', `The request is not valid: ${sentence}.`)
}
