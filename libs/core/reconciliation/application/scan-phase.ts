import { Injectable } from '@nestjs/common'
import { everywhere } from '#kernel'
import { CommunicationsUsers, IdentityDirectory, UserRecords } from '#core/users'
import { comparable } from '../domain/comparable.ts'
import { tooManyMissing } from '../domain/reconciliation-errors.ts'
import { Staging } from './staging.ts'
import type { WorkingShift } from './working-shift.ts'

/** More than these, and this share of all: then it's asked for once more. */
const mostMissing = 20
const mostMissingShare = 0.1

/** Copies what the systems have into the storage, and has it compared there. */
@Injectable()
export class ScanPhase {
  constructor(
    private readonly staging: Staging,
    private readonly directory: IdentityDirectory,
    private readonly communications: CommunicationsUsers,
    private readonly records: UserRecords,
  ) {}

  async accounts(shift: WorkingShift): Promise<void> {
    await this.staging.clear(shift.id, 'accounts')
    let accounts = 0
    for await (const page of this.directory.scan(shift.reconciliation.domain)) {
      await this.staging.addAccounts(shift.id, page.map(comparable))
      accounts += page.length
      await shift.count({ accounts })
    }
  }

  async communicationsUsers(shift: WorkingShift): Promise<void> {
    await this.staging.clear(shift.id, 'communications_users')
    let communicationsUsers = 0
    for await (const page of this.communications.scan(shift.reconciliation.domain)) {
      await this.staging.addCommunicationsUsers(shift.id, page)
      communicationsUsers += page.length
      await shift.count({ communicationsUsers })
    }
  }

  async compare(shift: WorkingShift): Promise<void> {
    await this.requireMost(shift)
    await shift.count({ suspects: await this.staging.compare(shift.id, shift.reconciliation.domain), checked: 0 })
  }

  /** Whoever mends by what an emptied system says, or the wrong one, removes or disables everybody. */
  private async requireMost({ reconciliation, counts }: WorkingShift): Promise<void> {
    const { domain, policy } = reconciliation
    if (!policy.apply || policy.force) return
    const filter = { exact: true, ...(domain !== undefined && { domain }) }
    const { total } = await this.records.list(everywhere, filter, { max: 1, page: 0 })
    const tolerated = Math.max(mostMissing, total * mostMissingShare)
    if (total - counts.accounts > tolerated) throw tooManyMissing('Keycloak', total - counts.accounts, total)
    const atWacCore = counts.communicationsUsers
    if (total - atWacCore > tolerated) throw tooManyMissing('wac-core', total - atWacCore, total)
  }
}
