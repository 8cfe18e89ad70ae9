import { CannotRun } from '../cannot-run.ts'
import { printable } from '../output/printable.ts'
import { exchange, type HttpAnswer } from './exchange.ts'
import { sendFile } from './send-file.ts'
import type { SentFile } from './sent-file.ts'
import type { ServiceAccess } from './service-access.ts'
import { type ServiceAnswer, serviceAnswer } from './service-answer.ts'
import { ServiceAway } from './service-away.ts'

export interface ServiceRequest {
  readonly method: 'GET' | 'POST'
  /** With its query. */
  readonly path: string
  readonly body?: object
  /** Instead of a body. */
  readonly file?: SentFile
  /** The same for each time that this request is sent. */
  readonly idempotencyKey?: string
}

const defaultTimeout = 30_000

/**
 * kitter's API. An answer that is about this one request is returned; a `ServiceAway` says that the same request may
 * succeed later, a `CannotRun` that no request of this token will.
 */
export class ServiceClient {
  private readonly access: ServiceAccess
  private readonly timeout: number

  constructor(access: ServiceAccess, timeout = defaultTimeout) {
    this.access = access
    this.timeout = timeout
  }

  async send(request: ServiceRequest): Promise<ServiceAnswer> {
    const { status, body, retryAfter, location } = await this.exchange(request)
    const answer = serviceAnswer(status, body, this.access.token)
    if (isAway(answer))
      throw new ServiceAway(`answers ${status}: ${withoutDot(answer.sentence)}`, { answered: true, retryAfter })
    this.requireAccess(answer, location)
    return answer
  }

  private exchange({ method, path, body, file, idempotencyKey }: ServiceRequest): Promise<HttpAnswer> {
    const { timeout } = this
    const url = `${this.access.url}${path}`
    const headers = {
      authorization: `Bearer ${this.access.token}`,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    }
    if (file !== undefined) return sendFile({ url, headers, file, timeout })
    if (body === undefined) return exchange({ method, url, headers, timeout })
    const jsonHeaders = { ...headers, 'content-type': 'application/json' }
    return exchange({ method, url, headers: jsonHeaders, body: JSON.stringify(body), timeout })
  }

  private requireAccess({ status, sentence }: ServiceAnswer, location: string | undefined): void {
    const { url, tokenSource } = this.access
    if (status === 401) {
      throw new CannotRun(`The service at ${url} does not take the token from ${tokenSource}: ${sentence}`)
    }
    if (status === 403) {
      throw new CannotRun(`The service at ${url} does not let the token from ${tokenSource} do this: ${sentence}`)
    }
    if (status >= 300 && status < 400) {
      const target = location === undefined ? 'another place' : printable(location)
      throw new CannotRun(`What answers at ${url} points to ${target}: give the URL of kitter itself.`)
    }
  }
}

/** A proxy before kitter says 502 or 504 while kitter is away; kitter's own are about one request. */
function isAway({ status, code }: ServiceAnswer): boolean {
  if (status === 429 || status === 503 || code === 'operation.in_progress') return true
  return (status === 502 || status === 504) && code === undefined
}

function withoutDot(sentence: string): string {
  return sentence.replace(/\.$/, '')
}
