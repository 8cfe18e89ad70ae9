import { applyDecorators, HttpCode, type Type } from '@nestjs/common'
import { ApiBearerAuth, ApiOperation, ApiResponse } from '@nestjs/swagger'
import type { DomainError } from '#kernel'
import { roleInsufficient, tokenInvalid, tokenMissing } from './access-errors.ts'
import { ErrorBody, errorBodyOf } from './error-body.ts'
import { statusOf } from './error-status.ts'

export interface Documentation {
  readonly summary: string
  readonly description: string
  readonly success: {
    readonly status: number
    readonly description: string
    readonly type?: Type
    readonly example?: unknown
  }
  /** The failures that the operation itself has: the very errors that it throws. */
  readonly errors?: readonly DomainError[]
}

/** What the documentation says of an operation that needs a token, and the status of its success. */
export function Documented({ summary, description, success, errors = [] }: Documentation): MethodDecorator {
  const refusals = [tokenMissing(), tokenInvalid('it has expired'), roleInsufficient('kitter-viewer'), ...errors]
  return applyDecorators(ApiBearerAuth(), DocumentedPublicly({ summary, description, success, errors: refusals }))
}

/** The same for an operation that needs none. */
export function DocumentedPublicly({ summary, description, success, errors = [] }: Documentation): MethodDecorator {
  const statuses = [...new Set(errors.map(({ kind }) => statusOf(kind)))].toSorted()
  return applyDecorators(
    ApiOperation({ summary, description }),
    HttpCode(success.status),
    ApiResponse(success),
    ...statuses.map((code) =>
      errorResponse(
        code,
        errors.filter(({ kind }) => statusOf(kind) === code),
      ),
    ),
  )
}

function errorResponse(status: number, errors: readonly DomainError[]): MethodDecorator & ClassDecorator {
  return ApiResponse({
    status,
    type: ErrorBody,
    description: errors.map(({ code, message }) => `\`${code}\`: ${message}`).join('<br>'),
    examples: Object.fromEntries(errors.map((error) => [error.code, { summary: error.code, value: exampleOf(error) }])),
  })
}

function exampleOf(error: DomainError): ErrorBody {
  return errorBodyOf(error, '4f1c3e0a-6f0e-4c43-9b0e-0d6f1f5f8a11')
}
