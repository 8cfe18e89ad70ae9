import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { listen } from '../support/listen.ts'
import type { Trap, Traps, Verdict } from './trap.fixture.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Stands before a server of HTTP, with traps for requests such as `PUT /sapi/users/1 {"username":"alice"}`. */
export class RequestProxy implements AsyncDisposable {
  private port = 0
  private readonly server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing))

  private constructor(
    private readonly target: URL,
    private readonly traps: Traps,
  ) {}

  static async before(target: string, traps: Traps): Promise<RequestProxy> {
    const proxy = new RequestProxy(new URL(target), traps)
    proxy.port = await listen(proxy.server)
    return proxy
  }

  /** Where it serves, with the target's own path. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.target.pathname.replace(/\/$/, '')}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let trap: Trap | undefined
    try {
      const body = await buffer(incoming)
      const line = `${incoming.method ?? ''} ${incoming.url?.split('?', 1)[0] ?? ''}`
      trap = this.traps.take(`${line} ${body.toString('utf8')}`)
      const verdict = trap === undefined || trap.moment === 'after' ? 'pass' : await trap.spring()
      const answer = await this.answered(verdict, incoming, body)
      const last = trap?.moment === 'after' ? await trap.spring() : verdict
      if (answer === undefined || last === 'drop' || isLate(last)) return void incoming.socket.destroy()
      const { status, headers, body: told } = last === 'pass' ? answer : answerOf(last)
      outgoing.writeHead(status, headers).end(told)
    } catch {
      // one of the two has gone
      incoming.socket.destroy()
    } finally {
      trap?.end()
    }
  }

  private async answered(verdict: Verdict, incoming: IncomingMessage, body: Buffer): Promise<Answer | undefined> {
    if (verdict === 'drop') return undefined
    if (isLate(verdict)) {
      incoming.socket.destroy()
      await pause(verdict.lateMs)
      await this.forward(incoming, body)
      return undefined
    }
    return typeof verdict === 'object' ? answerOf(verdict) : this.forward(incoming, body)
  }

  private async forward({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { hostname: host, port } = this.target
    const onward = request({ host, port, method, path, headers: { ...headers, host: this.target.host } })
    onward.end(body)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 502, headers: { ...withoutFraming(answer) }, body: await buffer(answer) }
  }
}

function isLate(verdict: Verdict): verdict is { readonly lateMs: number } {
  return typeof verdict === 'object' && 'lateMs' in verdict
}

function answerOf(verdict: Exclude<Verdict, string>): Answer {
  const status = 'status' in verdict ? verdict.status : 500
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"error":"not now"}') }
}

/** The body is sent as a whole. */
function withoutFraming({ headers }: IncomingMessage): IncomingMessage['headers'] {
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...others } = headers
  return others
}
