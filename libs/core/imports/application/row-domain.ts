import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import { type DomainName, DomainsService } from '#core/domains'
import { RepeatableRequest } from '#core/provisioning'
import { repeatableId } from '../domain/repeatable-id.ts'
import type { ImportWork } from './import-work.ts'

const mostRemembered = 10_000

/** The domains that rows name: where the import may, those that aren't there are created first. */
@Injectable()
export class RowDomain {
  constructor(private readonly domains: DomainsService) {}

  /** Settles when the domain is there; else throws why it can't be, or has the row refused that names it. */
  async ensure(work: ImportWork, name: DomainName | undefined): Promise<void> {
    if (name === undefined || !work.import.policy.createDomains) return
    const known = work.domains.get(name) ?? this.find(work, name)
    if (work.domains.size >= mostRemembered) work.domains.clear()
    work.domains.set(name, known)
    try {
      await known
    } catch (error) {
      // another row may find it otherwise
      work.domains.delete(name)
      throw error
    }
  }

  /** Whether a dry run would have created it. */
  async wouldCreate(work: ImportWork, name: DomainName | undefined): Promise<boolean> {
    if (name === undefined || !work.import.policy.createDomains) return false
    return !(await this.isThere(work, name))
  }

  private async find(work: ImportWork, name: DomainName): Promise<void> {
    if (await this.isThere(work, name)) return
    const request = new RepeatableRequest(repeatableId(work.import.id, 'domain', name), true)
    try {
      await request.run(() => this.domains.create(work.import.startedBy, newDomain(name)))
      if (!request.isRecalled) work.shift.countDomain()
    } catch (error) {
      // created meanwhile, or out of the actor's scope: then its users are refused
      if (!(error instanceof DomainError) || error.code !== 'domain.name_taken') throw error
    }
  }

  private async isThere({ import: { startedBy } }: ImportWork, name: DomainName): Promise<boolean> {
    return (await this.domains.list(startedBy, { name })).length > 0
  }
}

function newDomain(name: DomainName): Parameters<DomainsService['create']>[1] {
  return {
    name,
    enableAnonymous: false,
    anonymousCapabilities: [],
    origins: [],
    remoteSipRegister: false,
    services: {},
  }
}
