import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { listen } from './listen.ts'

/** What is done to a request on its way. */
export type Meddling =
  /** The connection breaks before the request is passed on. */
  | 'drop before'
  /** The request is passed on, and the connection breaks when it's answered. */
  | 'drop after'
  /** The same, and from then on nobody listens any more, until `comeBack`. */
  | 'drop after and go'
  /** The request is passed on, and the connection breaks in the middle of what's answered first. */
  | 'drop midway'
  | { readonly delayMs: number }
  | { readonly status: number; readonly contentType: string; readonly body: string }

/** Chooses what is done to a request, such as `PUT /admin/realms/kitter/users/1`; nothing lets it pass. */
export type Meddler = (line: string) => Meddling | undefined

const html = { status: 200, contentType: 'text/html', body: '<html><body>Log in, please</body></html>' }
export const loginPage: Meddling = html

/** Stands before another server, writes down what it's asked for, and meddles where it's told to. */
export class MeddlingProxy implements AsyncDisposable {
  readonly lines: string[] = []
  meddler: Meddler = () => undefined
  private port = 0
  private readonly server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing))

  private constructor(private readonly target: URL) {}

  static async start(target: string): Promise<MeddlingProxy> {
    const proxy = new MeddlingProxy(new URL(target))
    proxy.port = await listen(proxy.server)
    return proxy
  }

  /** Where it serves, with the target's own path. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.target.pathname.replace(/\/$/, '')}`
  }

  /** What was asked for since the last time. */
  taken(): string[] {
    return this.lines.splice(0)
  }

  async comeBack(): Promise<void> {
    await listen(this.server, this.port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private go(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const line = `${incoming.method ?? ''} ${incoming.url?.split('?', 1)[0] ?? ''}`
    this.lines.push(line)
    const meddling = this.meddler(line)
    if (meddling === 'drop before') return void incoming.socket.destroy()
    if (typeof meddling === 'object' && 'status' in meddling) {
      incoming.resume()
      outgoing.writeHead(meddling.status, { 'content-type': meddling.contentType }).end(meddling.body)
      return
    }
    const body = await buffer(incoming)
    if (typeof meddling === 'object') await pause(meddling.delayMs)
    this.forward(incoming, body, outgoing, meddling)
  }

  /** Also when whoever asked has gone meanwhile. */
  private forward(
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
    meddling: Meddling | undefined,
  ): void {
    const { hostname: host, port } = this.target
    const { method, url: path, headers } = incoming
    const onward = request({ host, port, method, path, headers: { ...headers, host: this.target.host } }, (answer) => {
      if (meddling === 'drop after' || meddling === 'drop after and go') {
        answer.resume().once('end', () => {
          if (meddling === 'drop after and go') this.go()
          incoming.socket.destroy()
        })
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (meddling === 'drop midway') {
        answer.once('data', (bit: Buffer) => {
          outgoing.write(bit.subarray(0, bit.length / 2), () => incoming.socket.destroy())
          answer.destroy()
        })
        return
      }
      answer.pipe(outgoing)
    })
    onward.once('error', () => incoming.socket.destroy())
    onward.end(body)
  }
}
