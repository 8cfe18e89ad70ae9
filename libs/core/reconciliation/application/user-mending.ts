import { Injectable } from '@nestjs/common'
import { differences } from '#core/audit'
import { goneEither, type OperationKind, OperationKinds, type Step } from '#core/provisioning'
import {
  type Account,
  accountOf,
  changeBetween,
  type CommunicationsUser,
  communicationsUserOf,
  CommunicationsUsers,
  IdentityDirectory,
  toldOfUser,
  type UserRecord,
  UserRecords,
} from '#core/users'
import { comparable } from '../domain/comparable.ts'
import { textOf } from '../domain/comparable.ts'

export type Mending = {
  readonly goal: UserRecord
  /** None where kitter hadn't the user. */
  readonly before?: UserRecord | undefined
}

/** How it was before, as far as a step has looked; nothing where it wasn't there. */
export type MendingState = {
  readonly communicationsId?: string
  readonly communicationsUser?: CommunicationsUser | null
  readonly account?: Account | null
}

export type Leftover = {
  readonly id: string
  readonly communicationsId?: string | undefined
  readonly before?: UserRecord | undefined
}

type Nothing = Readonly<Record<string, never>>

/**
 * How differences of users are mended: wac-core first, which may refuse, then the account, then kitter's own row. Each step
 * sees what is there, so that any replica can make it again.
 */
@Injectable()
export class UserMending {
  readonly reconcile: OperationKind<Mending, MendingState> = {
    name: 'user.reconcile',
    lateHarms: true,
    settling: () => 'finish',
    steps: ({ goal }) => [this.alignAtWacCore(goal), this.alignAccount(goal)],
    commit: async ({ goal, before }, { communicationsId = goal.communicationsId }, within) => {
      const record = { ...goal, communicationsId }
      await (before === undefined ? this.records.add(record, within) : this.records.replace(record, within))
    },
    change: ({ goal, before }) =>
      differences(before === undefined ? {} : toldOfUser(before.user), toldOfUser(goal.user)),
  }

  readonly removeLeftover: OperationKind<Leftover, Nothing> = {
    name: 'user.remove_leftover',
    settling: () => 'finish',
    steps: ({ communicationsId }) => (communicationsId === undefined ? [] : [this.removeAtWacCore(communicationsId)]),
    commit: async ({ id, before }, _, within) => {
      if (before !== undefined) await this.records.remove(id, within)
    },
    change: ({ before }) => (before === undefined ? {} : { before: toldOfUser(before.user) }),
  }

  constructor(
    private readonly directory: IdentityDirectory,
    private readonly communications: CommunicationsUsers,
    private readonly records: UserRecords,
    kinds: OperationKinds,
  ) {
    kinds.add(this.reconcile)
    kinds.add(this.removeLeftover)
  }

  private alignAtWacCore(goal: UserRecord): Step<MendingState> {
    const wanted = communicationsUserOf(goal.user)
    return {
      name: 'wac-core: align user',
      look: async (state) => {
        const found = await this.found(goal)
        return { communicationsUser: found?.user ?? null, ...(found && { communicationsId: found.id }), ...state }
      },
      do: async (state) => {
        const found = await this.found(goal)
        if (found === undefined) return { ...state, communicationsId: await this.communications.create(wanted) }
        if (!isSame(found.user, wanted)) await this.communications.replace(found.id, wanted)
        return { ...state, communicationsId: found.id }
      },
      undo: async ({ communicationsUser: before }) => {
        const found = await this.found(goal)
        if (found === undefined) return
        if (before === null) return goneEither(this.communications.remove(found.id))
        if (before !== undefined) await this.communications.replace(found.id, before)
      },
    }
  }

  /** Where it was seen, or else where its name is; never another's. */
  private async found(
    goal: UserRecord,
  ): Promise<{ readonly id: string; readonly user: CommunicationsUser } | undefined> {
    const { user, communicationsId: id } = goal
    const remembered = id === '' ? undefined : await this.communications.find(id)
    if (remembered !== undefined) return { id, user: remembered }
    const named = await this.communications.findByName(user.domain, user.username)
    return named !== undefined && isOwn(named.user, user.id) ? named : undefined
  }

  private alignAccount({ user, loginName }: UserRecord): Step<MendingState> {
    const wanted = accountOf(user, loginName)
    const align = async (goal: Account): Promise<void> => {
      const account = await this.directory.find(goal.id)
      if (account === undefined) return this.directory.create(goal)
      const change = changeBetween(comparable(account), goal)
      if (Object.keys(change).length > 0) await this.directory.update(goal.id, change, { known: account })
    }
    return {
      name: 'keycloak: align account',
      look: async (state) => ({ account: (await this.directory.find(user.id)) ?? null, ...state }),
      do: async (state) => {
        await align(wanted)
        return state
      },
      undo: async ({ account: before }) => {
        if (before === null) return goneEither(this.directory.remove(user.id))
        if (before !== undefined) await align(comparable(before))
      },
    }
  }

  private removeAtWacCore(id: string): Step<Nothing> {
    return {
      name: 'wac-core: delete user',
      do: async (state) => {
        await goneEither(this.communications.remove(id))
        return state
      },
    }
  }
}

function isOwn({ externalId }: CommunicationsUser, id: string): boolean {
  return textOf(externalId) === undefined || externalId === id
}

function isSame(one: CommunicationsUser, other: CommunicationsUser): boolean {
  return canonical(one) === canonical(other)
}

function canonical({ externalId, domain, username, displayName, email, phoneNumber }: CommunicationsUser): string {
  return JSON.stringify([externalId, domain, username, ...[displayName, email, phoneNumber].map(textOf)])
}
