import { ApiProperty } from '@nestjs/swagger'
import { ActorBody, checkQueryOneOf, Field, historyFilterOf, HistoryQuery, PageAnswer } from '#rest'
import {
  type OperationFilter,
  type OperationReport,
  type OperationState,
  operationStates,
} from '../application/operation-records.ts'
import type { StepRecord } from '../application/operations.ts'
import { exampleOperation, exampleRetried } from './operation-documentation.ts'

const stepStates = ['begun', 'done', 'refused', 'undone'] as const

export class OperationStepBody {
  @ApiProperty({ type: String, description: 'Which system does what.', example: 'wac-core: create user' })
  readonly name!: string

  @ApiProperty({
    type: String,
    enum: stepStates,
    description: '`begun`: it was asked for, and nobody knows (any more) whether it was done.',
    example: 'begun',
  })
  readonly state!: StepRecord['state']

  @ApiProperty({ type: 'integer', description: 'How often it was asked for.', example: 1 })
  readonly tries!: number

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was asked for first.',
    example: '2026-10-12T10:00:00.010Z',
  })
  readonly begun_at!: string

  @ApiProperty({
    type: String,
    format: 'date-time',
    required: false,
    description: 'When it was answered, or given up.',
    example: '2026-10-12T10:00:10.020Z',
  })
  readonly ended_at?: string

  @ApiProperty({
    type: String,
    required: false,
    description: 'What went wrong the last time.',
    example: 'service.unavailable: wac-core did not answer in time.',
  })
  readonly error?: string
}

export class OperationBody {
  @ApiProperty({ type: String, format: 'uuid', description: 'The id: a UUID.', example: exampleOperation.id })
  readonly id!: string

  @ApiProperty({ type: String, description: 'What it does.', example: exampleOperation.kind })
  readonly kind!: string

  @ApiProperty({
    type: String,
    description: 'The id of the user or domain that it changes; of a new domain its name.',
    example: exampleOperation.subject,
  })
  readonly subject!: string

  @ApiProperty({ type: ActorBody, description: 'Who asked for it.' })
  readonly actor!: ActorBody

  @ApiProperty({
    type: String,
    enum: operationStates,
    description:
      '`open`: its caller waits for it. `settling`: it was left, and is finished or undone in the background. `stuck`: that has ' +
      'failed too often. `done`: all of it. `undone`: nothing of it.',
    example: exampleOperation.state,
  })
  readonly state!: OperationState

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it began.',
    example: exampleOperation.started_at,
  })
  readonly started_at!: string

  @ApiProperty({
    type: String,
    format: 'date-time',
    required: false,
    description: 'When it was done or undone.',
    example: '2026-10-12T10:00:00.200Z',
  })
  readonly ended_at?: string

  @ApiProperty({ type: 'integer', description: 'How often it was taken up after it was left.', example: 20 })
  readonly tries!: number

  @ApiProperty({
    type: String,
    format: 'date-time',
    required: false,
    description: 'When it is taken up again, while it is settling.',
    example: exampleRetried.next_try_at,
  })
  readonly next_try_at?: string

  @ApiProperty({
    type: String,
    required: false,
    description: 'Why it was undone, or could not be settled so far.',
    example: exampleOperation.last_error,
  })
  readonly last_error?: string

  @ApiProperty({ type: [OperationStepBody], description: 'Its steps, as far as it came.' })
  readonly steps!: readonly OperationStepBody[]
}

export class OperationAnswer {
  @ApiProperty({ type: OperationBody, description: 'The operation.' })
  readonly operation!: OperationBody
}

export class OperationsAnswer extends PageAnswer {
  @ApiProperty({ type: [OperationBody], description: 'One page of operations, newest first.' })
  readonly operations!: readonly OperationBody[]
}

export class OperationsQuery extends HistoryQuery {
  @Field({
    check: checkQueryOneOf(...operationStates),
    type: String,
    enum: operationStates,
    description: 'Only operations in this state.',
    example: 'stuck',
  })
  readonly state?: OperationState
}

export function operationFilterOf({ state, ...history }: OperationsQuery): OperationFilter {
  return { ...(state !== undefined && { state }), ...historyFilterOf(history) }
}

export function operationBodyOf(operation: OperationReport): OperationBody {
  const { id, kind, subject, actor, state, startedAt, endedAt, tries, nextTryAt, lastError, steps } = operation
  return {
    id,
    kind,
    subject,
    actor,
    state,
    started_at: startedAt.toISOString(),
    ...(endedAt !== undefined && { ended_at: endedAt.toISOString() }),
    tries,
    ...(nextTryAt !== undefined && { next_try_at: nextTryAt.toISOString() }),
    ...(lastError !== undefined && { last_error: lastError }),
    steps: steps.map(stepBodyOf),
  }
}

function stepBodyOf({ name, state, tries, begunAt, endedAt, error }: StepRecord): OperationStepBody {
  return {
    name,
    state,
    tries,
    begun_at: begunAt,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(error !== undefined && { error }),
  }
}
