import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { DomainError, everywhere } from '#kernel'
import { type DomainName, DomainRecords, DomainRegistry, DomainsService, settlesDomainName } from '#core/domains'
import { Provisioning, RepeatableRequest } from '#core/provisioning'
import { repeatableId } from '../domain/repeatable-id.ts'
import type { ImportWork } from './import-work.ts'

const mostRemembered = 10_000
const mostTries = 3

/** The domains that rows name: where the import may, those that aren't there are created first. */
@Injectable()
export class RowDomain {
  constructor(
    private readonly domains: DomainsService,
    private readonly records: DomainRecords,
    private readonly registry: DomainRegistry,
    private readonly provisioning: Provisioning,
  ) {}

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

  /** Whether a dry run would have created it: its name must be free, also where the actor may not look. */
  async wouldCreate(work: ImportWork, name: DomainName | undefined): Promise<boolean> {
    if (name === undefined || !work.import.policy.createDomains) return false
    if ((await this.records.findByName(everywhere, name)) !== undefined) return false
    const registered = await work.registered(() => this.registry.list())
    return !registered.has(name)
  }

  private async find(work: ImportWork, name: DomainName): Promise<void> {
    const found = await this.domains.list(work.import.startedBy, { name })
    if (found.length > 0) return
    for (let tries = 1; tries <= mostTries; tries++) {
      if (await this.create(work, name)) return
      if (await this.isSettled(work, name)) return
    }
  }

  /** Unless its name is taken. */
  private async create(work: ImportWork, name: DomainName): Promise<boolean> {
    const request = new RepeatableRequest(repeatableId(work.import.id, 'domain', name), true, 'nothing')
    try {
      await request.run(() => this.domains.create(work.import.startedBy, newDomain(name)))
      if (!request.isRecalled) work.shift.countDomain()
      return true
    } catch (error) {
      if (error instanceof DomainError && error.code === 'domain.name_taken') return false
      throw error
    }
  }

  /**
   * Waits for who is just creating it, as another import of the same file. Whether it's there then, be it out of the actor's scope:
   * users who are to live there are refused.
   */
  private isSettled({ import: { startedBy } }: ImportWork, name: DomainName): Promise<boolean> {
    const held = { subject: randomUUID(), claims: [settlesDomainName(name)] }
    return this.provisioning.hold(
      startedBy,
      held,
      async () => (await this.records.findByName(everywhere, name)) !== undefined,
    )
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
