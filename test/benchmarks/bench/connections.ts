import { Agent, request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly text: string
  readonly location: string
}

export interface Call {
  readonly method: string
  readonly url: string
  readonly token: string
  readonly body?: unknown
  readonly type?: string
}

/** So many connections that are kept, for one side of a pair. */
export class Connections implements Disposable {
  private readonly agent: Agent

  constructor(count: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: count })
  }

  /** Throws where the answer isn't a success. */
  async call(call: Call): Promise<Reply> {
    const reply = await this.send(call)
    if (reply.status >= 300) throw new Error(`${call.method} ${call.url}: ${reply.status} ${reply.text.slice(0, 500)}`)
    return reply
  }

  [Symbol.dispose](): void {
    this.agent.destroy()
  }

  private send({ method, url, token, body, type = 'application/json' }: Call): Promise<Reply> {
    const content = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(content !== undefined && { 'content-type': type, 'content-length': String(Buffer.byteLength(content)) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response
          resolve({ status, text: Buffer.concat(chunks).toString(), location: answered.location ?? '' })
        })
      })
      sent.on('error', reject)
      sent.end(content)
    })
  }
}
