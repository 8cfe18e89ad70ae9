import { Injectable } from '@nestjs/common'
import { differences } from '#core/audit'
import { type OperationKind, OperationKinds } from '#core/provisioning'
import type { User } from '../domain/user.ts'
import { toldOf } from './told-of.ts'
import { UserRecords } from './user-records.ts'
import {
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
    kinds: OperationKinds,
  ) {
    this.create = {
      name: 'user.create',
      settling: () => 'undo',
      steps: (payload) => steps.create(payload),
      commit: ({ user, loginName }, { communicationsId = '' }, within) =>
        records.add({ user, loginName, communicationsId }, within),
      change: ({ user, mapsSip }) => ({ after: { ...toldOf(user), ...(mapsSip && { sip_mapping: true }) } }),
    }
    this.update = {
      name: 'user.update',
      lateHarms: true,
      settling: () => 'finish',
      steps: (payload) => steps.update(payload),
      commit: ({ after }, _, within) => records.replace(after, within),
      change: ({ before, after, password, setsPassword }) => {
        const changesPassword = password !== undefined || setsPassword
        return differences(toldOf(before.user), {
          ...toldOf(after.user),
          ...(changesPassword && { password_changed: true }),
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
}
