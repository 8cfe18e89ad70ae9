import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { listen } from '../support/listen.ts'

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

/** An answer instead of the usual one; `'drop'` ends the connection without any. */
type Fault = (request: FakeRequest) => FakeAnswer | 'drop' | undefined | Promise<FakeAnswer | 'drop' | undefined>

/** What kitter takes a token for. */
const api = /^\/(domains|users|imports|reconciliations)(\/|$)/

/** As much of kitter's API as shows that it is kitter, over real sockets, with faults to order. */
export class FakeKitter {
  readonly token = 'fake-kitter-token.with-32-characters'
  readonly requests: (FakeRequest & { readonly status: number | 'dropped' })[] = []
  /** Uploads that were broken off. */
  cut = 0
  /** Before the content of a request is read. */
  reading: (path: string) => Promise<void> = () => Promise.resolve()
  /** Before the usual handling. */
  before: Fault = () => undefined
  /** After it: the work is done, whatever is answered. */
  after: Fault = () => undefined
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
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    this.port = await listen(server, this.port)
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
    await this.reading(incoming.url ?? '')
    const content = await text(incoming).catch(() => undefined)
    if (content === undefined) {
      this.cut++
      return
    }
    const request: FakeRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      body: incoming.headers['content-type'] === 'application/json' ? JSON.parse(content) : content,
      headers: incoming.headers,
    }
    const answer = (await this.before(request)) ?? this.handle(request)
    const sent = (await this.after(request)) ?? answer
    this.requests.push({ ...request, status: sent === 'drop' ? 'dropped' : sent.status })
    if (sent === 'drop') return void incoming.socket.destroy()
    response.writeHead(sent.status, { 'content-type': 'application/json; charset=utf-8', ...sent.headers })
    response.end(typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body))
  }

  private handle({ method, path, headers }: FakeRequest): FakeAnswer {
    const { pathname } = new URL(path, this.url)
    if (!api.test(pathname)) return problem(404, 'route.unknown', 'There is nothing at this path.')
    if (headers.authorization !== `Bearer ${this.token}`) {
      return problem(401, 'access.token_invalid', 'The bearer token was refused: its signature is not right.')
    }
    if (method === 'GET' && pathname === '/domains') return { status: 200, body: { domains: [] } }
    return problem(404, 'route.unknown', 'There is nothing at this path.')
  }
}

export function problem(status: number, code: string, error: string): FakeAnswer {
  return { status, body: { error, code, request_id: 'fake' } }
}
