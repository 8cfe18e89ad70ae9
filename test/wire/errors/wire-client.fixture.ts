import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Answer, CallOptions, TestKitter } from '../../support/test-kitter.ts'

/** Sends what it's told to, where `fetch` mends it: paths as they are, bodies with any method, no headers of its own. */
export class WireClient implements Disposable {
  private readonly agent = new Agent({ keepAlive: true })

  constructor(private readonly kitter: TestKitter) {}

  async call(
    method: string,
    path: string,
    { token = this.kitter.adminToken, body, raw, headers = {} }: CallOptions = {},
  ): Promise<Answer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const { hostname, port } = new URL(this.kitter.url)
    const sending = request({
      agent: this.agent,
      hostname,
      port,
      method,
      path,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(content !== undefined &&
          !('transfer-encoding' in headers) && { 'content-length': Buffer.byteLength(content) }),
        ...headers,
      },
    })
    const received = answerTo(sending)
    sending.end(content)
    return received
  }

  /** JSON text that `JSON.stringify` wouldn't make. */
  json(method: string, path: string, raw: string | Uint8Array): Promise<Answer> {
    return this.call(method, path, { raw, headers: { 'content-type': 'application/json' } })
  }

  [Symbol.dispose](): void {
    this.agent.destroy()
  }
}

async function answerTo(sending: ReturnType<typeof request>): Promise<Answer> {
  // a server that has answered needn't read the rest of a body: what comes after the answer is nobody's failure
  sending.on('error', () => undefined)
  const [response]: [IncomingMessage] = await (once(sending, 'response') as Promise<[IncomingMessage]>)
  const answered = await text(response)
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(response.headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  return { status: response.statusCode ?? 0, headers, text: answered, body: jsonOf(answered) }
}

/** Everything that kitter sends back until it closes the connection, for bytes that needn't be HTTP. */
export async function exchange(url: string, bytes: string | Uint8Array, thenEnd = false): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  // a reset after the answer is as good an end as any
  socket.on('error', () => undefined)
  socket.write(bytes)
  if (thenEnd) socket.end()
  await new Promise((resolve) => {
    socket.once('end', resolve).once('close', resolve)
  })
  socket.destroy()
  return Buffer.concat(received).toString()
}

/** The answers in what came over a connection. All of them say how long they are. */
export function answersIn(received: string): Answer[] {
  const answers: Answer[] = []
  for (let rest = Buffer.from(received); rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n')
    const [start = '', ...lines] = rest.subarray(0, end).toString().split('\r\n')
    const headers = new Headers(lines.map((line): [string, string] => [line.split(':', 1)[0] ?? '', valueIn(line)]))
    const length = Number(headers.get('content-length') ?? 0)
    const body = rest.subarray(end + 4, end + 4 + length).toString()
    answers.push({ status: Number(start.split(' ')[1]), headers, text: body, body: jsonOf(body) })
    rest = rest.subarray(end + 4 + length)
  }
  return answers
}

function valueIn(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim()
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
