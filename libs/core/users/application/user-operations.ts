import { Injectable } from '@nestjs/common'
import type { Actor } from '#kernel'
import { livesIn } from '#core/domains'
import { type Claim, covers, operationInProgress, Provisioning } from '#core/provisioning'
import { LoginNames } from '../domain/login-names.ts'
import type { GivenPassword } from '../domain/password.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import { changed, type User, type UserChange } from '../domain/user.ts'
import { changedKeys, type ExtensionDocument, type UserExtension } from '../domain/user-extension.ts'
import { NewPasswords } from './new-passwords.ts'
import { PlaceChecks } from './place-checks.ts'
import { changesUser, takesEmail, takesLoginName } from './user-claims.ts'
import type { UserRecord } from './user-records.ts'
import { UserOperationKinds } from './user-operation-kinds.ts'
import { type SeenRecord, type SeenUser, UserSight } from './user-sight.ts'
import type { ChangedExtension } from './user-steps.ts'

export interface UserCreation {
  readonly user: User
  readonly password?: GivenPassword | undefined
  readonly sipMapping?: SipCredential | undefined
  readonly extension?: UserExtension | undefined
}

export interface DecidedUpdate {
  readonly change: UserChange
  readonly password?: GivenPassword | undefined
  readonly extension?: UserExtension | undefined
}

export interface UserUpdate {
  /** The record when the change was asked for; the change is made to what it is when its turn comes. */
  readonly seen: UserRecord
  /** What was decided then: it says what is claimed. */
  readonly decided: DecidedUpdate
  /** Decides under the claims, by what is there now. */
  decide(now: SeenRecord): Promise<DecidedUpdate>
  /** Whose extension document it's about. */
  readonly dialect?: string | undefined
}

export interface UserRemoval<Result> {
  readonly dialect?: string
  /** Under the claim, by what is there now; throws where it shall stay. */
  readonly decide?: (now: SeenRecord) => void
  readonly resultOf: (before: SeenRecord) => Result
}

/** The changes of users as operations: what they claim, and what must hold under the claims. */
@Injectable()
export class UserOperations {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly kinds: UserOperationKinds,
    private readonly sight: UserSight,
    private readonly places: PlaceChecks,
    private readonly loginNames: LoginNames,
    private readonly passwords: NewPasswords,
  ) {}

  create(actor: Actor, { user, password, sipMapping, extension }: UserCreation): Promise<User> {
    const loginName = this.loginNames.of(user)
    return this.provisioning.run(actor, {
      kind: this.kinds.create,
      subject: user.id,
      claims: [changesUser(user.id), ...claimsOfNames({ user, loginName }), livesIn(user.domain)],
      prepare: async () => {
        await this.places.require(actor, { user, loginName }, 'user.attributes.domain')
        const { hashed, setsPassword, plain, digests } = await this.passwords.prepare(user, password, 'first')
        const payload = {
          ...{ user, loginName, mapsSip: sipMapping !== undefined, setsPassword, digests },
          extension: changedExtension(undefined, extension),
        }
        return {
          payload,
          steps: this.kinds.steps.create(payload, { hashed, password: plain, sipMapping }),
          result: () => user,
        }
      },
    })
  }

  /** What it gives is plain JSON: it's kept for a request that comes again. */
  update<Result>(actor: Actor, update: UserUpdate, resultOf: (after: SeenUser) => Result): Promise<Result> {
    const { seen, decided, dialect } = update
    const claims = claimsOfUpdate(seen, this.recordAfter(seen, decided.change))
    return this.provisioning.run(actor, {
      kind: this.kinds.update,
      subject: seen.user.id,
      // a domain that has users is renamed by reconciliation only, and waits for those that are being changed
      claims: [...claims, livesIn(seen.user.domain)],
      prepare: async () => {
        const now = await this.sight.see(actor, seen.user.id, dialect)
        const { change, password, extension } = await update.decide(now)
        const [before, after] = [now.record, this.recordAfter(now.record, change)]
        if (!covers(claims, claimsOfUpdate(before, after))) throw operationInProgress()
        await this.places.require(actor, after, 'attributes.domain')
        const { hashed, setsPassword, plain, digests } = await this.passwords.prepare(after.user, password, 'another')
        const payload = {
          ...{ before, after, password: hashed, setsPassword, digests },
          extension: changedExtension(now.extension, extension),
        }
        return {
          payload,
          steps: this.kinds.steps.update(payload, { password: plain }),
          result: () => resultOf({ user: after.user, extension: extension?.document ?? now.extension }),
        }
      },
    })
  }

  remove<Result>(actor: Actor, id: string, { dialect, decide, resultOf }: UserRemoval<Result>): Promise<Result> {
    return this.provisioning.run(actor, {
      kind: this.kinds.remove,
      subject: id,
      claims: [changesUser(id)],
      removesSubject: true,
      prepare: async () => {
        const now = await this.sight.see(actor, id, dialect)
        decide?.(now)
        const { communicationsId, user: before } = now.record
        return { payload: { id, communicationsId, before }, result: () => resultOf(now) }
      },
    })
  }

  private recordAfter(record: UserRecord, change: UserChange): UserRecord {
    const user = changed(record.user, change)
    return { ...record, user, loginName: this.loginNames.of(user) }
  }
}

function changedExtension(
  before: ExtensionDocument | undefined,
  extension: UserExtension | undefined,
): ChangedExtension | undefined {
  return extension && { ...extension, changed: changedKeys(before, extension.document) }
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
