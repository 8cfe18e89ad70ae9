import { Injectable } from '@nestjs/common'
import { type Actor, everywhere } from '#kernel'
import { type DomainName, DomainRecords, livesIn } from '#core/domains'
import { type Claim, covers, exclusive, operationInProgress, Provisioning } from '#core/provisioning'
import { changesUser, requireFreeNames, takesEmail, takesLoginName, UserRecords } from '#core/users'
import type { Difference } from '../domain/difference.ts'
import type { Policy } from '../domain/policy.ts'
import { differenceGone, domainMissing } from '../domain/reconciliation-errors.ts'
import type { Differences } from './differences.ts'
import type { Suspect } from './staging.ts'
import { type SeenUser, UserLook } from './user-look.ts'
import { UserMending } from './user-mending.ts'
import { mended, type Mended } from './mended.ts'

@Injectable()
export class UserDifferences implements Differences<Suspect, SeenUser> {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly look: UserLook,
    private readonly mending: UserMending,
    private readonly records: UserRecords,
    private readonly domains: DomainRecords,
  ) {}

  async see(actor: Actor, suspect: Suspect, { remove }: Policy): Promise<SeenUser | undefined> {
    const subject = suspect.userId ?? suspect.communicationsId ?? ''
    // what is stuck doesn't keep it from being removed
    const held = { subject, claims: [claimOf(suspect)], removesSubject: remove }
    return this.provisioning.hold(actor, held, () => this.lookAt(suspect, remove))
  }

  async mend(actor: Actor, suspect: Suspect, seen: SeenUser, policy: Policy): Promise<Mended> {
    const obstacle = this.obstacle(seen, policy)
    if (obstacle !== undefined) return obstacle
    return mended(seen.goal === undefined ? this.remove(actor, suspect) : this.align(actor, suspect, seen, policy))
  }

  obstacle({ difference, problem }: SeenUser, policy: Policy): Mended | undefined {
    const forbidden = whyForbidden(difference, policy)
    if (forbidden !== undefined) return { outcome: 'left', reason: forbidden }
    return problem === undefined ? undefined : { outcome: 'refused', reason: problem }
  }

  private lookAt({ userId, communicationsId }: Suspect, remove: boolean): Promise<SeenUser | undefined> {
    if (userId !== undefined) return this.look.at(userId, communicationsId, remove)
    return this.look.atWacCore(communicationsId ?? '')
  }

  private align(actor: Actor, suspect: Suspect, seen: SeenUser, { remove }: Policy): Promise<void> {
    const claims = claimsOf(suspect, seen)
    return this.provisioning.run(actor, {
      kind: this.mending.reconcile,
      subject: seen.sides.id,
      claims,
      prepare: async () => {
        const now = await this.lookAt(suspect, remove)
        const goal = now?.goal
        if (now === undefined || goal === undefined) throw differenceGone()
        if (!covers(claims, claimsOf(suspect, now))) throw operationInProgress()
        await this.requireDomain(goal.user.domain)
        await requireFreeNames(this.records, goal.user, goal.loginName)
        const { record: before, account } = now.sides
        return { payload: { goal, before, createsAccount: account === undefined }, result: () => undefined }
      },
    })
  }

  private remove(actor: Actor, suspect: Suspect): Promise<void> {
    return this.provisioning.run(actor, {
      kind: this.mending.removeLeftover,
      subject: suspect.userId ?? suspect.communicationsId ?? '',
      claims: [claimOf(suspect)],
      removesSubject: true,
      prepare: async () => {
        const now = await this.lookAt(suspect, true)
        if (now?.difference.remedy !== 'remove') throw differenceGone()
        const { id, communications, record } = now.sides
        return { payload: { id, communicationsId: communications?.id, before: record }, result: () => undefined }
      },
    })
  }

  private async requireDomain(name: DomainName): Promise<void> {
    if ((await this.domains.findByName(everywhere, name)) === undefined) throw domainMissing(name)
  }
}

function whyForbidden({ remedy }: Difference, policy: Policy): string | undefined {
  if (remedy === 'adopt' && !policy.adopt) return 'kitter never made it, and adopts only when that is asked for.'
  if (remedy === 'none') return 'kitter never made it, and never removes such.'
  if (remedy === 'remove' && !policy.remove) return 'It is removed only when that is asked for.'
  return undefined
}

function claimOf({ userId, communicationsId = '' }: Suspect): Claim {
  return userId === undefined ? exclusive(`communications-user:${communicationsId}`) : changesUser(userId)
}

/** Its own, and what it comes to have by being mended. */
function claimsOf(suspect: Suspect, { sides: { record }, goal }: SeenUser): readonly Claim[] {
  if (goal === undefined) return [claimOf(suspect)]
  const { email, domain } = goal.user
  const claims = [claimOf(suspect), livesIn(domain)]
  if (goal.loginName !== record?.loginName) claims.push(takesLoginName(goal.loginName))
  if (email !== undefined && email !== record?.user.email) claims.push(takesEmail(email))
  return claims
}
