import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger'
import type { DomainError } from '#kernel'

export class FieldProblemBody {
  @ApiProperty({ type: String, description: 'Where in the request, dotted.', example: 'user.email' })
  readonly path!: string

  @ApiProperty({ type: String, description: 'What is wrong with it.', example: 'must be an email address' })
  readonly problem!: string
}

/** What every error answer looks like. */
export class ErrorBody {
  @ApiProperty({ type: String, description: 'What went wrong, for people.', example: 'There is no such user.' })
  readonly error!: string

  @ApiProperty({
    type: String,
    description: 'What went wrong, for programs: it never changes.',
    example: 'user.unknown',
  })
  readonly code!: string

  @ApiProperty({
    type: String,
    description: 'The `x-request-id` of the answer, which the log lines carry, too.',
    example: '4f1c3e0a-6f0e-4c43-9b0e-0d6f1f5f8a11',
  })
  readonly request_id!: string

  @ApiProperty({
    type: [FieldProblemBody],
    required: false,
    description: 'All that is wrong with the request, when it is not valid.',
  })
  readonly fields?: readonly FieldProblemBody[]

  @ApiProperty({
    type: String,
    required: false,
    description:
      'The operation that will be settled later, for `operation.unfinished`: `GET /operations/{id}` says how it stands.',
    example: '0b9b1f0e-55a1-4d6c-8a54-5b1f6a1f2c3d',
  })
  readonly operation?: string

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The state of each system, for `service.unavailable`.',
    example: { postgres: { status: 'down', message: 'does not answer' } },
  })
  readonly details?: Readonly<Record<string, unknown>>
}

export function errorBodyOf(
  { message, code, details: { fields, operation, report } }: DomainError,
  requestId: string,
): ErrorBody {
  return {
    error: message,
    code,
    request_id: requestId,
    ...(fields !== undefined && { fields }),
    ...(operation !== undefined && { operation }),
    ...(report !== undefined && { details: report }),
  }
}
