import { Injectable } from '@nestjs/common'
import { CommunicationsUsers, IdentityDirectory } from '#core/users'
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
  private async requireMost({ id, reconciliation: { domain, policy } }: WorkingShift): Promise<void> {
    if (!policy.apply || policy.force) return
    const { users, accounts, communicationsUsers } = await this.staging.missing(id, domain)
    const tolerated = Math.max(mostMissing, users * mostMissingShare)
    if (accounts > tolerated) throw tooManyMissing('Keycloak', accounts, users)
    if (communicationsUsers > tolerated) throw tooManyMissing('wac-core', communicationsUsers, users)
  }
}
