import { Controller, Get, Param, Post, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { Changes, CurrentActor, Documented, pageOf, Reads } from '#rest'
import { OperationsService } from '../application/operations.service.ts'
import { operationSettled, unknownOperation } from '../application/provisioning-errors.ts'
import { exampleOperation, exampleRetried } from './operation-documentation.ts'
import {
  OperationAnswer,
  operationBodyOf,
  operationFilterOf,
  OperationsAnswer,
  OperationsQuery,
} from './operations.dto.ts'

const path = [{ name: 'id', description: "The operation's id: a UUID.", format: 'uuid', example: exampleOperation.id }]
const ownOnes = 'A domain admin sees those that they asked for themselves.'

@ApiTags('operations')
@Controller('operations')
export class OperationsController {
  constructor(private readonly operations: OperationsService) {}

  @Get()
  @Documented({
    id: 'listOperations',
    summary: 'List operations',
    description: `One page of the changes of users and domains, and how they stand, newest first. ${ownOnes}`,
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: OperationsAnswer,
      example: { operations: [exampleOperation], total: 1 },
    },
    errors: [invalid([{ path: 'since', problem: 'must be a time like 2026-10-12T10:00:00Z, given once' }])],
  })
  @Reads()
  async list(@CurrentActor() actor: Actor, @Query() query: OperationsQuery): Promise<OperationsAnswer> {
    const { operations, total } = await this.operations.list(actor, operationFilterOf(query), pageOf(query))
    return { operations: operations.map(operationBodyOf), total }
  }

  @Get(':id')
  @Documented({
    id: 'readOperation',
    summary: 'Read an operation',
    description: `How one operation stands, step by step: also where a 504 points to. ${ownOnes}`,
    path,
    success: {
      status: 200,
      description: 'The operation.',
      type: OperationAnswer,
      example: { operation: exampleOperation },
    },
    errors: [unknownOperation()],
  })
  @Reads()
  async read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<OperationAnswer> {
    return { operation: operationBodyOf(await this.operations.read(actor, id)) }
  }

  @Post(':id/retry')
  @Documented({
    id: 'retryOperation',
    summary: 'Retry an operation',
    description:
      'Has an operation that is stuck, or waits for its next try, settled at once. One whose caller still waits for it goes on ' +
      `as it does. ${ownOnes}`,
    path,
    success: {
      status: 202,
      description: 'The operation: it is being settled.',
      type: OperationAnswer,
      example: { operation: exampleRetried },
    },
    errors: [unknownOperation(), operationSettled()],
    repeatable: true,
  })
  @Changes('operation.retry')
  async retry(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<OperationAnswer> {
    return { operation: operationBodyOf(await this.operations.retry(actor, id)) }
  }
}
