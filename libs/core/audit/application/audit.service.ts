import { Injectable } from '@nestjs/common'
import { type Actor, type Page, seesAll } from '#kernel'
import type { RecordedEntry } from './audit-entry.ts'
import { type AuditFilter, AuditTrail } from './audit-trail.ts'

/** The trail as an actor sees it: a domain admin sees what they did themselves. */
@Injectable()
export class AuditService {
  constructor(private readonly trail: AuditTrail) {}

  list(
    actor: Actor,
    filter: Omit<AuditFilter, 'doneBy'>,
    page: Page,
  ): Promise<{ readonly entries: readonly RecordedEntry[]; readonly total: number }> {
    return this.trail.list(seesAll(actor) ? filter : { ...filter, doneBy: actor.subject }, page)
  }
}
