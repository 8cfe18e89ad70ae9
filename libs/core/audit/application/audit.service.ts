import { Injectable } from '@nestjs/common'
import type { Actor, Page } from '#kernel'
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
    const isRestricted = actor.role === 'kitter-domain-admin'
    return this.trail.list(isRestricted ? { ...filter, doneBy: actor.subject } : filter, page)
  }
}
