import { ApiProperty } from '@nestjs/swagger'

export class HealthAnswer {
  @ApiProperty({
    type: String,
    enum: ['ok', 'degraded'],
    description: '`degraded` when a system is away that only some operations need.',
    example: 'ok',
  })
  readonly status!: string

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: true },
    description: 'The state of each system.',
    example: { postgres: { status: 'up' } },
  })
  readonly details!: Readonly<Record<string, unknown>>
}
