import { jsonIn } from '#kernel'
import { connectionProblem } from './connection-problem.ts'
import { secondsIn } from './seconds-in.ts'
import { ServiceAway } from './service-away.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** In milliseconds, for all of the answer. */
  readonly timeout: number
}

export interface HttpAnswer {
  readonly status: number
  /** The JSON of the answer; nothing where it's something else. */
  readonly body: unknown
  /** In seconds. */
  readonly retryAfter: number | undefined
  readonly location: string | undefined
}

/** One request over a connection that is kept for the next. Redirects aren't followed: they'd turn a POST into a GET. */
export async function exchange({ method, url, headers, body, timeout }: HttpRequest): Promise<HttpAnswer> {
  const { signal, clear } = timeLimit(timeout)
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    })
    return {
      status: response.status,
      body: jsonIn(await response.text()),
      retryAfter: secondsIn(response.headers.get('retry-after')),
      location: response.headers.get('location') ?? undefined,
    }
  } catch (error) {
    throw new ServiceAway(connectionProblem(error, timeout), { cause: error })
  } finally {
    clear()
  }
}

/** Unlike `AbortSignal.timeout` it ends with the request: thousands a second would pile up. */
function timeLimit(milliseconds: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController()
  const expire = (): void => controller.abort(new DOMException('The time is over.', 'TimeoutError'))
  const timer = setTimeout(expire, milliseconds)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
