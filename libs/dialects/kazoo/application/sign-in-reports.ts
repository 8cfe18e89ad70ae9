import { Injectable } from '@nestjs/common'
import type { Origin } from '#kernel'
import { AuditTrail } from '#core/audit'
import type { Domain } from '#core/domains'
import type { User } from '#core/users'
import { signInRefused } from '../domain/problems/kazoo-errors.ts'

const action = 'kazoo.sign_in'

/** Tells the audit trail who has signed in, and at which account somebody tried in vain: never with what. */
@Injectable()
export class SignInReports {
  constructor(private readonly trail: AuditTrail) {}

  done({ id, username }: User, origin: Origin): Promise<void> {
    return this.trail.add({ actor: { subject: id, name: username, origin }, action, subject: id, outcome: 'done' })
  }

  /** Whose name it was nobody can tell. Only at accounts that there are, where so many are let try: it's no flood. */
  async refused(accounts: readonly Domain[], origin: Origin): Promise<void> {
    const actor = { subject: 'unknown', name: 'unknown', origin }
    const { code } = signInRefused()
    for (const { id, name } of accounts)
      await this.trail.add({ actor, action, subject: id, outcome: 'refused', code, after: { account: name } })
  }
}
