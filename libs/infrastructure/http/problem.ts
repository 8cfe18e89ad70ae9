import { HttpException } from '@nestjs/common'
import { DomainError } from '#kernel'

const oneMebibyte = '1 MiB'

/** What a failure is in kitter's terms; nothing where it's a bug. */
export function problemOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error
  const status = statusIn(error)
  if (status === undefined || status >= 500) return undefined
  if (status === 404) return new DomainError('unknown', 'route.unknown', 'There is nothing at this path.')
  if (status === 413)
    return new DomainError('too_large', 'request.too_large', `The body is larger than ${oneMebibyte}.`)
  if (status === 415)
    return new DomainError(
      'unsupported_media',
      'request.media_type',
      'The body must be JSON, with the content type application/json.',
    )
  if (status === 414) return new DomainError('unknown', 'route.unknown', 'There is nothing at this path.')
  return new DomainError(
    'invalid',
    'request.malformed',
    'The request is malformed: its path, headers or JSON cannot be read.',
  )
}

/** Nest's exceptions say their status, Fastify's errors carry it. */
function statusIn(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus()
  if (!(error instanceof Error)) return undefined
  if (error instanceof SyntaxError) return 400
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}

export function internalError(): { readonly error: string; readonly code: string } {
  return { error: 'Something went wrong in kitter. Its log says more under this request id.', code: 'internal' }
}
