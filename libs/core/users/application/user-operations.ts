import { Injectable } from '@nestjs/common'
import { type Actor, scopeOf } from '#kernel'
import { type DomainName, DomainRecords, livesIn, unknownDomainIn } from '#core/domains'
import { type Claim, covers, operationInProgress, Provisioning } from '#core/provisioning'
import { LoginNames } from '../domain/login-names.ts'
import type { GivenPassword, HashedPassword, NewPassword } from '../domain/password.ts'
import { normalPasswordHash } from '../domain/password-hash.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import { changed, type User, type UserChange } from '../domain/user.ts'
import { unknownUser } from '../domain/user-errors.ts'
import { Credentials, type PasswordOccasion } from './credentials.ts'
import { requireFreeNames } from './free-names.ts'
import { changesUser, takesEmail, takesLoginName } from './user-claims.ts'
import { type UserRecord, UserRecords } from './user-records.ts'
import { UserOperationKinds } from './user-operation-kinds.ts'

export interface UserCreation {
  readonly user: User
  readonly password?: GivenPassword | undefined
  readonly sipMapping?: SipCredential | undefined
}

export interface UserUpdate {
  /** The record when the change was asked for; the change is made to what it is when its turn comes. */
  readonly seen: UserRecord
  readonly change: UserChange
  readonly password?: GivenPassword | undefined
}

/** The changes of users as operations: what they claim, and what must hold under the claims. */
@Injectable()
export class UserOperations {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly kinds: UserOperationKinds,
    private readonly records: UserRecords,
    private readonly domains: DomainRecords,
    private readonly loginNames: LoginNames,
    private readonly credentials: Credentials,
  ) {}

  create(actor: Actor, { user, password, sipMapping }: UserCreation): Promise<User> {
    const loginName = this.loginNames.of(user)
    return this.provisioning.run(actor, {
      kind: this.kinds.create,
      subject: user.id,
      claims: [changesUser(user.id), ...claimsOfNames({ user, loginName }), livesIn(user.domain)],
      prepare: async () => {
        await this.requireDomain(actor, user.domain, 'user.attributes.domain')
        await requireFreeNames(this.records, user, loginName)
        const hashed = await this.hashed(password, 'first')
        const setsPassword = password !== undefined && hashed === undefined
        const payload = { user, loginName, mapsSip: sipMapping !== undefined, setsPassword }
        return {
          payload,
          steps: this.kinds.steps.create(payload, { hashed, password: plainOf(password), sipMapping }),
          result: () => user,
        }
      },
    })
  }

  update(actor: Actor, { seen, change, password }: UserUpdate): Promise<User> {
    const claimsFor = (record: UserRecord): Claim[] => claimsOfUpdate(record, this.recordAfter(record, change))
    return this.provisioning.run(actor, {
      kind: this.kinds.update,
      subject: seen.user.id,
      // a domain that has users is renamed by reconciliation only, and waits for those that are being changed
      claims: [...claimsFor(seen), livesIn(seen.user.domain)],
      prepare: async () => {
        const before = await this.requireRecord(actor, seen.user.id)
        if (!covers(claimsFor(seen), claimsFor(before))) throw operationInProgress()
        const after = this.recordAfter(before, change)
        await this.requireDomain(actor, after.user.domain, 'attributes.domain')
        await requireFreeNames(this.records, after.user, after.loginName)
        const hashed = await this.hashed(password, 'another')
        const payload = {
          before,
          after,
          password: hashed,
          setsPassword: password !== undefined && hashed === undefined,
        }
        return {
          payload,
          steps: this.kinds.steps.update(payload, { password: plainOf(password) }),
          result: () => after.user,
        }
      },
    })
  }

  remove(actor: Actor, id: string): Promise<void> {
    return this.provisioning.run(actor, {
      kind: this.kinds.remove,
      subject: id,
      claims: [changesUser(id)],
      removesSubject: true,
      prepare: async () => {
        const { communicationsId, user: before } = await this.requireRecord(actor, id)
        return { payload: { id, communicationsId, before }, result: () => undefined }
      },
    })
  }

  private async hashed(
    password: GivenPassword | undefined,
    occasion: PasswordOccasion,
  ): Promise<HashedPassword | undefined> {
    if (password === undefined) return undefined
    if ('hash' in password) return { ...password, hash: normalPasswordHash(password.hash) }
    return this.credentials.hash(password, occasion)
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
}

function plainOf(password: GivenPassword | undefined): NewPassword | undefined {
  return password === undefined || 'hash' in password ? undefined : password
}

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
