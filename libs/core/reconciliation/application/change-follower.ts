import { Injectable, Logger } from '@nestjs/common'
import { DomainError, everywhere, kitterItself } from '#kernel'
import { AccountChanges, isUserId, UserRecords } from '#core/users'
import type { Difference } from '../domain/difference.ts'
import { FollowedChanges } from './followed-changes.ts'
import { UserDifferences } from './user-differences.ts'

const atOnce = 200
/** Less than a background job may take. */
const longestMs = 30_000
/** More than that are left to a reconciliation. */
const mostWaiting = 1000
const policy = { apply: true, adopt: false, remove: false, force: false }
/** Of these it's the identity provider that is believed; all others somebody must ask for. */
const followed = /^(username|login_name|email|email_verified|enabled|first_name|last_name|attributes\..*)$/s

/**
 * Between reconciliations: has kitter and wac-core follow what somebody changes of a user in the identity provider's own
 * console. What is missing somewhere, or would change an account, is left to a reconciliation: that is for people to ask for.
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

  /** What was changed by now, as far as there is time. Where a system is away, it's followed from here the next time. */
  async follow(): Promise<void> {
    const deadline = performance.now() + longestMs
    while (performance.now() < deadline) {
      const before = await this.followed.read()
      const { ids, position } = await this.changes.since(before.position, atOnce)
      const waiting = await this.followAll(new Set([...before.waiting, ...ids]), deadline)
      if (position === before.position && waiting.join() === before.waiting.join()) return
      const isOurs = await this.followed.write({ position, waiting: waiting.slice(0, mostWaiting) }, before)
      if (!isOurs || ids.length === 0) return
    }
  }

  /** Those that have to wait. */
  private async followAll(ids: ReadonlySet<string>, deadline: number): Promise<readonly string[]> {
    const waiting: string[] = []
    for (const id of ids) {
      const isOver = performance.now() < deadline && (await this.followUser(id))
      if (!isOver) waiting.push(id)
    }
    return waiting
  }

  private async followUser(userId: string): Promise<boolean> {
    if (!isUserId(userId) || (await this.records.find(everywhere, userId)) === undefined) return true
    try {
      return await this.mend({ number: 0, userId })
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') throw error
      if (error instanceof DomainError && error.code === 'operation.in_progress') return false
      // it's about this user only
      this.log.warn({ user: userId, err: error }, 'could not follow a change that was made elsewhere')
      return true
    }
  }

  private async mend(suspect: { readonly number: number; readonly userId: string }): Promise<boolean> {
    const seen = await this.differences.see(kitterItself, suspect, policy)
    if (seen === undefined || !isFollowed(seen.difference)) return true
    const { outcome, reason } = await this.differences.mend(kitterItself, suspect, seen, policy)
    this.log.log({ user: suspect.userId, outcome, reason }, 'followed a change that was made elsewhere')
    return outcome !== 'busy'
  }
}

function isFollowed({ remedy, fields }: Difference): boolean {
  return remedy === 'align' && fields.every(({ field }) => followed.test(field))
}
