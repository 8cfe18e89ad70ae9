import { Injectable, Logger } from '@nestjs/common'
import { type Actor, DomainError } from '#kernel'
import { AccountChanges, isUserId, UserRecords } from '#core/users'
import { FollowedChanges } from './followed-changes.ts'
import { UserDifferences } from './user-differences.ts'

const atOnce = 200
const kitter: Actor = { subject: 'kitter', name: 'kitter', role: 'kitter-admin' }
const policy = { apply: true, adopt: false, remove: false }

/**
 * Between reconciliations: has kitter and wac-core follow what somebody changes of a user in the identity provider's own
 * console. What is missing somewhere is left to a reconciliation: whether it should come back is for people to decide.
 */
@Injectable()
export class ChangeFollower {
  private readonly log = new Logger(ChangeFollower.name)

  constructor(
    private readonly changes: AccountChanges,
    private readonly followed: FollowedChanges,
    private readonly records: UserRecords,
    private readonly differences: UserDifferences,
  ) {}

  /** What was changed by now. Where that fails, it's followed again the next time. */
  async follow(): Promise<void> {
    for (;;) {
      const position = await this.followed.position()
      const told = await this.changes.since(position, atOnce)
      for (const id of new Set(told.ids)) await this.followUser(id)
      if (told.position !== position) await this.followed.moveTo(told.position)
      if (told.ids.length === 0) return
    }
  }

  private async followUser(userId: string): Promise<void> {
    if (!isUserId(userId) || (await this.records.find({ everything: true }, userId)) === undefined) return
    const suspect = { number: 0, userId }
    try {
      const seen = await this.differences.see(kitter, suspect, policy)
      if (seen?.drift?.difference.remedy !== 'align') return
      const { outcome, reason } = await this.differences.mend(kitter, suspect, seen, policy)
      this.log.log({ user: userId, outcome, reason }, 'followed a change that was made elsewhere')
    } catch (error) {
      // a system that is away: later, from here
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error
      this.log.warn({ user: userId, err: error }, 'could not follow a change that was made elsewhere')
    }
  }
}
