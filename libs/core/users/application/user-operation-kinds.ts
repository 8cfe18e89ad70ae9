import { Injectable } from '@nestjs/common'
import type { Transaction } from '#kernel'
import { differences, type Told } from '#core/audit'
import { type OperationKind, OperationKinds } from '#core/provisioning'
import type { User } from '../domain/user.ts'
import { SignInDigestRecords } from './sign-in-digest-records.ts'
import { toldOf } from './told-of.ts'
import { UserExtensions } from './user-extensions.ts'
import { UserRecords } from './user-records.ts'
import {
  type Beside,
  type ChangedUserSteps,
  type CreateState,
  type NewUserSteps,
  type UpdateState,
  UserSteps,
} from './user-steps.ts'

type Removal = { readonly id: string; readonly communicationsId: string; readonly before: User }

/** How the changes of users are settled: a create that was left is undone, everything else is finished. */
@Injectable()
export class UserOperationKinds {
  readonly create: OperationKind<NewUserSteps, CreateState>
  readonly update: OperationKind<ChangedUserSteps, UpdateState>
  readonly remove: OperationKind<Removal, UpdateState>

  constructor(
    readonly steps: UserSteps,
    records: UserRecords,
    private readonly extensions: UserExtensions,
    private readonly digests: SignInDigestRecords,
    kinds: OperationKinds,
  ) {
    this.create = {
      name: 'user.create',
      settling: () => 'undo',
      steps: (payload) => steps.create(payload),
      commit: async ({ user, loginName, ...beside }, { communicationsId = '', passwordMark }, within) => {
        await records.add({ user, loginName, communicationsId }, within)
        await this.keep(user.id, beside, passwordMark, within)
      },
      change: ({ user, mapsSip, ...beside }) => ({
        after: { ...toldOf(user), ...(mapsSip && { sip_mapping: true }), ...toldOfExtension(beside) },
      }),
    }
    this.update = {
      name: 'user.update',
      lateHarms: true,
      settling: () => 'finish',
      steps: (payload) => steps.update(payload),
      commit: async ({ after, ...beside }, { passwordMark }, within) => {
        await records.replace(after, within)
        await this.keep(after.user.id, beside, passwordMark, within)
      },
      change: ({ before, after, password, setsPassword, ...beside }) => {
        const changesPassword = password !== undefined || setsPassword
        return differences(toldOf(before.user), {
          ...toldOf(after.user),
          ...(changesPassword && { password_changed: true }),
          ...toldOfExtension(beside),
        })
      },
    }
    this.remove = {
      name: 'user.delete',
      settling: () => 'finish',
      steps: (payload) => steps.remove(payload),
      commit: ({ id }, _, within) => records.remove(id, within),
      change: ({ before }) => ({ before: toldOf(before) }),
    }
    kinds.add(this.create)
    kinds.add(this.update)
    kinds.add(this.remove)
  }

  /** A digest of a password of which nobody knows whether it was set is none. */
  private async keep(
    id: string,
    { extension, digests }: Beside,
    passwordMark: string | undefined,
    within: Transaction,
  ): Promise<void> {
    if (extension !== undefined) await this.extensions.put(id, extension, within)
    if (digests === undefined) return
    if (passwordMark === undefined) await this.digests.remove(id, within)
    else await this.digests.replace(id, digests, passwordMark, within)
  }
}

const longestName = 255

/** Which of its keys were changed. What they say may be secret: PINs, for one. */
function toldOfExtension({ extension }: Beside): Told {
  if (extension === undefined || extension.changed.length === 0) return {}
  return { [extension.dialect]: extension.changed.map((name) => name.slice(0, longestName).toWellFormed()) }
}
