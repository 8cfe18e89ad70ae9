import { Controller, Get, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { CurrentActor, Documented, pageOf, Reads } from '#rest'
import { AuditService } from '../application/audit.service.ts'
import { exampleEntry } from './audit-documentation.ts'
import { AuditAnswer, auditFilterOf, AuditQuery, entryBodyOf } from './audit.dto.ts'

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Documented({
    id: 'listAuditEntries',
    summary: 'List who changed what',
    description:
      'One page of the audit trail, newest first: who asked for which change, when, from where, and what came of it. ' +
      'A domain admin sees what they did themselves.',
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: AuditAnswer,
      example: { entries: [exampleEntry], total: 1 },
    },
    errors: [invalid([{ path: 'since', problem: 'must be a time like 2026-10-12T10:00:00Z, given once' }])],
  })
  @Reads()
  async list(@CurrentActor() actor: Actor, @Query() query: AuditQuery): Promise<AuditAnswer> {
    const { entries, total } = await this.audit.list(actor, auditFilterOf(query), pageOf(query))
    return { entries: entries.map(entryBodyOf), total }
  }
}
