import { wasNotSent } from '#infrastructure/http-client'
import type { WacRequest } from './wac-request.ts'

/**
 * No answer came. What axios throws holds the request's headers, and the token in them: here are the call and the reason,
 * and nothing else.
 */
export class NoWacAnswer extends Error {
  private constructor(
    { method, path }: WacRequest,
    reason: string,
    /** Whether wac-core may have got the request. */
    readonly maybeSent: boolean,
    /** Node's, of a failed connection. */
    readonly code?: string,
  ) {
    super(`${method} ${path}: ${reason}`)
    this.name = 'NoWacAnswer'
  }

  static failed(request: WacRequest, error: unknown): NoWacAnswer {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
    const reason = error instanceof Error ? error.message : 'the connection failed'
    return new NoWacAnswer(
      request,
      reason === '' ? (code ?? 'the connection failed') : reason,
      !wasNotSent(error),
      code,
    )
  }

  static late(request: WacRequest): NoWacAnswer {
    return new NoWacAnswer(request, 'no answer in time', true, 'ETIMEDOUT')
  }

  /** All places were taken by calls that wac-core was slow to answer. */
  static crowded(request: WacRequest): NoWacAnswer {
    return new NoWacAnswer(request, 'not sent in time, for too many calls wait for their answers', false, 'ETIMEDOUT')
  }
}
