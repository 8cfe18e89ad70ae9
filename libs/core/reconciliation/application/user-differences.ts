import { Injectable } from '@nestjs/common'
import { type Actor, everywhere } from '#kernel'
import { type DomainName, DomainRecords, livesIn } from '#core/domains'
import { type Claim, covers, exclusive, operationInProgress, Provisioning } from '#core/provisioning'
import { changesUser, emailTaken, takesEmail, takesLoginName, UserRecords, userNameTaken } from '#core/users'
import type { Policy } from '../domain/policy.ts'
import { differenceGone, domainMissing } from '../domain/reconciliation-errors.ts'
import type { UserDrift } from '../domain/user-drift.ts'
import type { Suspect } from './staging.ts'
import { type UserLooked, UserLook } from './user-look.ts'
import { UserMending } from './user-mending.ts'
import { mended, type Mended } from './mended.ts'

/** Differences of users: seen under the claims of a change, and mended by an operation as any other. */
@Injectable()
export class UserDifferences {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly look: UserLook,
    private readonly mending: UserMending,
    private readonly records: UserRecords,
    private readonly domains: DomainRecords,
  ) {}

  /** How the user differs now that nobody changes it, if it does. */
  async see(actor: Actor, suspect: Suspect, { remove }: Policy): Promise<UserLooked | undefined> {
    const subject = suspect.userId ?? suspect.communicationsId ?? ''
    // what is stuck doesn't keep it from being removed
    const held = { subject, claims: [claimOf(suspect)], removesSubject: remove }
    const looked = await this.provisioning.hold(actor, held, () => this.lookAt(suspect, remove))
    return looked?.drift === undefined ? undefined : looked
  }

  /** Mends what was seen, if it is still so. */
  async mend(actor: Actor, suspect: Suspect, seen: UserLooked, policy: Policy): Promise<Mended> {
    const { drift } = seen
    if (drift === undefined) return { outcome: 'mended' }
    const obstacle = this.obstacle(seen, policy)
    if (obstacle !== undefined) return obstacle
    return mended(drift.goal === undefined ? this.remove(actor, suspect) : this.align(actor, suspect, seen, policy))
  }

  /** Why it wouldn't be mended, as far as that's known before it's tried. */
  obstacle(seen: UserLooked, policy: Policy): Mended | undefined {
    const { drift } = seen
    const forbidden = drift && whyForbidden(drift, policy)
    if (forbidden !== undefined) return { outcome: 'left', reason: forbidden }
    return drift?.problem === undefined ? undefined : { outcome: 'refused', reason: drift.problem }
  }

  private lookAt({ userId, communicationsId }: Suspect, remove: boolean): Promise<UserLooked | undefined> {
    if (userId !== undefined) return this.look.at(userId, communicationsId, remove)
    return this.look.atWacCore(communicationsId ?? '')
  }

  private align(actor: Actor, suspect: Suspect, seen: UserLooked, { remove }: Policy): Promise<void> {
    const claims = claimsOf(suspect, seen)
    return this.provisioning.run(actor, {
      kind: this.mending.reconcile,
      subject: seen.sides.id,
      claims,
      prepare: async () => {
        const now = await this.lookAt(suspect, remove)
        const goal = now?.drift?.goal
        if (now === undefined || goal === undefined) throw differenceGone()
        if (!covers(claims, claimsOf(suspect, now))) throw operationInProgress()
        await this.requireDomain(goal.user.domain)
        await this.requireFreeNames(now)
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
        if (now?.drift?.difference.remedy !== 'remove') throw differenceGone()
        const { id, communications, record } = now.sides
        return { payload: { id, communicationsId: communications?.id, before: record }, result: () => undefined }
      },
    })
  }

  private async requireDomain(name: DomainName): Promise<void> {
    if ((await this.domains.findByName(everywhere, name)) === undefined) throw domainMissing(name)
  }

  private async requireFreeNames({ sides: { id }, drift }: UserLooked): Promise<void> {
    const { user, loginName = '' } = drift?.goal ?? {}
    const login = await this.records.ownerOfLogin(loginName)
    if (login !== undefined && login !== id) throw userNameTaken()
    const email = user?.email === undefined ? undefined : await this.records.ownerOfEmail(user.email)
    if (email !== undefined && email !== id) throw emailTaken()
  }
}

function whyForbidden({ difference }: UserDrift, policy: Policy): string | undefined {
  if (difference.remedy === 'adopt' && !policy.adopt)
    return 'kitter never made it, and adopts only when that is asked for.'
  if (difference.remedy === 'none') return 'kitter never made it, and never removes such.'
  if (difference.remedy === 'remove' && !policy.remove) return 'It is removed only when that is asked for.'
  return undefined
}

function claimOf({ userId, communicationsId = '' }: Suspect): Claim {
  return userId === undefined ? exclusive(`communications-user:${communicationsId}`) : changesUser(userId)
}

/** Its own, and what it comes to have by being mended. */
function claimsOf(suspect: Suspect, { sides: { record }, drift }: UserLooked): readonly Claim[] {
  const goal = drift?.goal
  if (goal === undefined) return [claimOf(suspect)]
  const { email, domain } = goal.user
  const claims = [claimOf(suspect), livesIn(domain)]
  if (goal.loginName !== record?.loginName) claims.push(takesLoginName(goal.loginName))
  if (email !== undefined && email !== record?.user.email) claims.push(takesEmail(email))
  return claims
}
