import { CannotRun } from '../cannot-run.ts'
import { printable } from '../output/printable.ts'
import { exchange } from './exchange.ts'
import type { ServiceAccess } from './service-access.ts'
import { type ServiceAnswer, serviceAnswer } from './service-answer.ts'
import { ServiceAway } from './service-away.ts'

export interface ServiceRequest {
  readonly method: 'GET' | 'POST'
  /** With its query. */
  readonly path: string
  readonly body?: object
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

  async send({ method, path, body, idempotencyKey }: ServiceRequest): Promise<ServiceAnswer> {
    const {
      status,
      body: answered,
      retryAfter,
      location,
    } = await exchange({
      method,
      url: `${this.access.url}${path}`,
      headers: {
        authorization: `Bearer ${this.access.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeout: this.timeout,
    })
    const answer = serviceAnswer(status, answered, this.access.token)
    if (isAway(answer))
      throw new ServiceAway(`answers ${status}: ${withoutDot(answer.sentence)}`, { answered: true, retryAfter })
    this.requireAccess(answer, location)
    return answer
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
