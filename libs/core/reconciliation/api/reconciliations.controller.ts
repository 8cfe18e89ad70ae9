import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { unknownDomainIn } from '#core/domains'
import { ChangesPlatform, CurrentActor, Documented, pageOf, ReadsPlatform } from '#rest'
import { ReconciliationService } from '../application/reconciliation.service.ts'
import { outcomes } from '../domain/difference.ts'
import { reconciliationEnded, reconciliationRunning, unknownReconciliation } from '../domain/reconciliation-errors.ts'
import { exampleCancelled, exampleDifference, exampleReconciliation } from './reconciliation-documentation.ts'
import {
  differenceBodyOf,
  DifferencesAnswer,
  DifferencesQuery,
  domainOf,
  policyOf,
  ReconciliationAnswer,
  reconciliationBodyOf,
  ReconciliationsAnswer,
  ReconciliationsQuery,
  StartReconciliationRequest,
} from './reconciliations.dto.ts'

const path = [
  {
    name: 'id',
    description: "The reconciliation's id: a UUID.",
    format: 'uuid',
    example: exampleReconciliation.id,
  },
]

@ApiTags('reconciliations')
@Controller('reconciliations')
export class ReconciliationsController {
  constructor(private readonly reconciliations: ReconciliationService) {}

  @Get()
  @Documented({
    id: 'listReconciliations',
    summary: 'List reconciliations',
    description: 'One page of them, newest first.',
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: ReconciliationsAnswer,
      example: { reconciliations: [exampleReconciliation], total: 1 },
    },
    errors: [invalid([{ path: 'paginate[max]', problem: 'must be a whole number from 1 to 1000, given once' }])],
  })
  @ReadsPlatform()
  async list(@Query() query: ReconciliationsQuery): Promise<ReconciliationsAnswer> {
    const { reconciliations, total } = await this.reconciliations.list(pageOf(query))
    return { reconciliations: reconciliations.map(reconciliationBodyOf), total }
  }

  @Post()
  @Documented({
    id: 'startReconciliation',
    summary: 'Start a reconciliation',
    description:
      'Compares Keycloak, wac-core and kitter, in the background. Nothing is changed unless `apply` says so; nothing that kitter ' +
      'never made is touched unless `adopt` says so; nothing is removed unless `delete` says so. One runs at a time.',
    body: {
      type: StartReconciliationRequest,
      examples: {
        'only look': { scope: 'all' },
        'mend one domain': { scope: 'example.com', apply: true },
        'all that can be done': { scope: 'all', apply: true, adopt: true, delete: true },
      },
    },
    success: {
      status: 202,
      description: 'It is going to begin.',
      type: ReconciliationAnswer,
      example: { reconciliation: exampleReconciliation },
    },
    errors: [unknownDomainIn('scope'), reconciliationRunning()],
    repeatable: true,
  })
  @ChangesPlatform('reconciliation.start')
  async start(
    @CurrentActor() actor: Actor,
    @Body() request: StartReconciliationRequest,
  ): Promise<ReconciliationAnswer> {
    const started = await this.reconciliations.start(actor, domainOf(request), policyOf(request))
    return { reconciliation: reconciliationBodyOf(started) }
  }

  @Get(':id')
  @Documented({
    id: 'readReconciliation',
    summary: 'Read a reconciliation',
    description: 'How far it is, and what came of it.',
    path,
    success: {
      status: 200,
      description: 'The reconciliation.',
      type: ReconciliationAnswer,
      example: { reconciliation: exampleReconciliation },
    },
    errors: [unknownReconciliation()],
  })
  @ReadsPlatform()
  async read(@Param('id') id: string): Promise<ReconciliationAnswer> {
    return { reconciliation: reconciliationBodyOf(await this.reconciliations.read(id)) }
  }

  @Get(':id/differences')
  @Documented({
    id: 'listDifferences',
    summary: 'List the differences that a reconciliation found',
    description: 'One page of them, in the order in which they were found, also while it is running.',
    path,
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: DifferencesAnswer,
      example: { differences: [exampleDifference], total: 1 },
    },
    errors: [
      invalid([{ path: 'outcome', problem: `must be one of ${outcomes.join(', ')}, given once` }]),
      unknownReconciliation(),
    ],
  })
  @ReadsPlatform()
  async listDifferences(@Param('id') id: string, @Query() query: DifferencesQuery): Promise<DifferencesAnswer> {
    const { differences, total } = await this.reconciliations.listDifferences(id, query.outcome, pageOf(query))
    return { differences: differences.map(differenceBodyOf), total }
  }

  @Post(':id/cancel')
  @Documented({
    id: 'cancelReconciliation',
    summary: 'Cancel a reconciliation',
    description: 'It ends soon. What it has mended stays so.',
    path,
    success: {
      status: 200,
      description: 'The reconciliation as it is now.',
      type: ReconciliationAnswer,
      example: { reconciliation: exampleCancelled },
    },
    errors: [unknownReconciliation(), reconciliationEnded()],
    repeatable: true,
  })
  @ChangesPlatform('reconciliation.cancel')
  async cancel(@Param('id') id: string): Promise<ReconciliationAnswer> {
    return { reconciliation: reconciliationBodyOf(await this.reconciliations.cancel(id)) }
  }
}
