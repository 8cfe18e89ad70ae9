import { HttpException } from '@nestjs/common'
import { DomainError } from '#kernel'
import { bodyNotJson, bodyTooLarge, requestMalformed } from '#rest'

const problems = new Map<number, () => DomainError>([
  [404, unknownRoute],
  [413, () => bodyTooLarge()],
  [414, unknownRoute],
  [415, bodyNotJson],
])

/** What a failure is in kitter's terms; nothing where it's a bug. */
export function problemOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error
  const status = statusIn(error)
  if (status === undefined || status < 400 || status >= 500) return undefined
  return (problems.get(status) ?? requestMalformed)()
}

function unknownRoute(): DomainError {
  return new DomainError('unknown', 'route.unknown', 'There is nothing at this path.')
}

/** Nest's exceptions say their status, Fastify's errors carry it. */
function statusIn(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus()
  if (!(error instanceof Error)) return undefined
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}

export function internalError(): { readonly error: string; readonly code: string } {
  return { error: 'Something went wrong in kitter. Its log says more under this request id.', code: 'internal' }
}
