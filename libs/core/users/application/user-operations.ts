import { Injectable } from '@nestjs/common'
import { type Actor, scopeOf } from '#kernel'
import { type DomainName, DomainRecords, livesIn, unknownDomainIn } from '#core/domains'
import { type Claim, covers, operationInProgress, Provisioning } from '#core/provisioning'
import { LoginNames } from '../domain/login-names.ts'
import type { NewPassword } from '../domain/password.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import { changed, type User, type UserChange } from '../domain/user.ts'
import { emailTaken, unknownUser, userNameTaken } from '../domain/user-errors.ts'
import { changesUser, takesEmail, takesLoginName } from './user-claims.ts'
import { type UserRecord, UserRecords } from './user-records.ts'
import { type CreateState, type UpdateState, UserSteps } from './user-steps.ts'

export interface UserCreation {
  readonly user: User
  readonly password?: NewPassword | undefined
  readonly sipMapping?: SipCredential | undefined
}

export interface UserUpdate {
  /** The record when the change was asked for; the change is made to what it is when its turn comes. */
  readonly seen: UserRecord
  readonly change: UserChange
  readonly password?: NewPassword | undefined
}

/** The changes of users as operations: what they claim, and what must hold under the claims. */
@Injectable()
export class UserOperations {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly steps: UserSteps,
    private readonly records: UserRecords,
    private readonly domains: DomainRecords,
    private readonly loginNames: LoginNames,
  ) {}

  create(actor: Actor, { user, password, sipMapping }: UserCreation): Promise<User> {
    const loginName = this.loginNames.of(user)
    return this.provisioning.run<CreateState, User>(actor, {
      kind: 'user.create',
      subject: user.id,
      claims: [...claimsOfNames({ user, loginName }), livesIn(user.domain)],
      prepare: async () => {
        await this.requireDomain(actor, user.domain, 'user.attributes.domain')
        await this.requireFreeNames(user, loginName)
        return {
          state: {},
          steps: this.steps.create({ user, loginName, password, sipMapping }),
          commit: ({ communicationsId = '' }, within) =>
            this.records.add({ user, loginName, communicationsId }, within),
          result: () => user,
        }
      },
    })
  }

  update(actor: Actor, { seen, change, password }: UserUpdate): Promise<User> {
    const claimsFor = (record: UserRecord): Claim[] => claimsOfUpdate(record, this.recordAfter(record, change))
    return this.provisioning.run<UpdateState, User>(actor, {
      kind: 'user.update',
      subject: seen.user.id,
      claims: claimsFor(seen),
      prepare: async () => {
        const before = await this.requireRecord(actor, seen.user.id)
        if (!covers(claimsFor(seen), claimsFor(before))) throw operationInProgress()
        const after = this.recordAfter(before, change)
        await this.requireDomain(actor, after.user.domain, 'attributes.domain')
        await this.requireFreeNames(after.user, after.loginName)
        return {
          state: {},
          steps: this.steps.update({ before, after, password }),
          commit: (_, within) => this.records.replace(after, within),
          result: () => after.user,
        }
      },
    })
  }

  remove(actor: Actor, id: string): Promise<void> {
    return this.provisioning.run(actor, {
      kind: 'user.delete',
      subject: id,
      claims: [changesUser(id)],
      prepare: async () => ({
        state: {},
        steps: this.steps.remove(await this.requireRecord(actor, id)),
        commit: (_, within) => this.records.remove(id, within),
        result: () => undefined,
      }),
    })
  }

  private recordAfter(record: UserRecord, change: UserChange): UserRecord {
    const user = changed(record.user, change)
    return { ...record, user, loginName: this.loginNames.of(user) }
  }

  private async requireRecord(actor: Actor, id: string): Promise<UserRecord> {
    const record = await this.records.find(scopeOf(actor), id)
    if (record === undefined) throw unknownUser()
    return record
  }

  private async requireDomain(actor: Actor, name: DomainName, path: string): Promise<void> {
    if ((await this.domains.findByName(scopeOf(actor), name)) === undefined) throw unknownDomainIn(path)
  }

  private async requireFreeNames({ id, email }: User, loginName: string): Promise<void> {
    const [loginOwner, emailOwner] = await Promise.all([
      this.records.ownerOfLogin(loginName),
      email === undefined ? undefined : this.records.ownerOfEmail(email),
    ])
    if (loginOwner !== undefined && loginOwner !== id) throw userNameTaken()
    if (emailOwner !== undefined && emailOwner !== id) throw emailTaken()
  }
}

/** A domain that the user is in already can't go or be renamed. */
function claimsOfUpdate(before: UserRecord, after: UserRecord): Claim[] {
  const claims = [changesUser(before.user.id), ...claimsOfNames(after, before)]
  return after.user.domain === before.user.domain ? claims : [...claims, livesIn(after.user.domain)]
}

/** The names that a user comes to have and hadn't before. */
function claimsOfNames({ user, loginName }: Pick<UserRecord, 'user' | 'loginName'>, before?: UserRecord): Claim[] {
  const claims: Claim[] = []
  if (loginName !== before?.loginName) claims.push(takesLoginName(loginName))
  if (user.email !== undefined && user.email !== before?.user.email) claims.push(takesEmail(user.email))
  return claims
}
