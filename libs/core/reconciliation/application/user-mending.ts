import { Injectable } from '@nestjs/common'
import { textOf } from '#kernel'
import { differences } from '#core/audit'
import { domainName } from '#core/domains'
import { goneEither, madeOrFound, type OperationKind, OperationKinds, type Step } from '#core/provisioning'
import {
  type Account,
  accountOf,
  changeBetween,
  type CommunicationsUser,
  communicationsUserOf,
  CommunicationsUsers,
  IdentityDirectory,
  LoginNames,
  toldOfUser,
  unknownUser,
  type UserRecord,
  UserRecords,
} from '#core/users'
import { comparable, usernameIn } from '../domain/comparable.ts'
import { freeAttributesOf } from '../domain/user-sides.ts'

export type Mending = {
  /** How it was to be everywhere when its mending began. */
  readonly goal: UserRecord
  /** None where kitter hadn't the user. */
  readonly before?: UserRecord | undefined
  /** Its account was gone, and is made again. */
  readonly createsAccount: boolean
}

/** How it was before, as far as a step has looked; `null` where it wasn't there. */
export type MendingState = {
  readonly communicationsId?: string
  readonly communicationsUser?: CommunicationsUser | null
  readonly accountBefore?: Account | null
  /** As it is now: who it is is for Keycloak to say, also while it is being mended. */
  readonly account?: Account
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
    steps: ({ goal, createsAccount }) => [this.alignAtWacCore(goal), this.alignAccount(goal, createsAccount)],
    commit: async ({ goal, before }, { communicationsId = goal.communicationsId, account }, within) => {
      const record = { ...asItIs(goal, account), communicationsId }
      await (before === undefined ? this.records.add(record, within) : this.records.replace(record, within))
    },
    change: ({ goal, before }, { account }) =>
      differences(before === undefined ? {} : toldOfUser(before.user), toldOfUser(asItIs(goal, account).user)),
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
    private readonly loginNames: LoginNames,
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
        if (found === undefined) return { ...state, communicationsId: await this.createAtWacCore(goal) }
        if (!isSame(found.user, wanted)) await this.communications.replace(found.id, wanted)
        return { ...state, communicationsId: found.id }
      },
      undo: async ({ communicationsUser: before }) => {
        const found = await this.found(goal)
        if (found === undefined) return
        // what isn't linked is somebody else's
        if (before === null && found.user.externalId === goal.user.id)
          return goneEither(this.communications.remove(found.id))
        if (before !== null && before !== undefined) await this.communications.replace(found.id, before)
      },
    }
  }

  private createAtWacCore({ user }: UserRecord): Promise<string> {
    const ownId = async (): Promise<string | undefined> => {
      const named = await this.communications.findByName(user.domain, user.username)
      return named?.user.externalId === user.id ? named.id : undefined
    }
    return madeOrFound('wac-core', this.communications.create(communicationsUserOf(user)), ownId)
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

  /** Where the account is there, only what kitter and wac-core know better is put right. */
  private alignAccount({ user, loginName }: UserRecord, creates: boolean): Step<MendingState> {
    const wanted = accountOf(user, loginName)
    return {
      name: 'keycloak: align account',
      look: async (state) => ({ accountBefore: (await this.directory.find(user.id)) ?? null, ...state }),
      do: async (state) => {
        const found = await this.directory.find(user.id)
        if (found === undefined && !creates) throw unknownUser()
        if (found === undefined) await this.directory.create(wanted)
        const account = found === undefined ? wanted : withPlaceOf(comparable(found), wanted, this.loginNames)
        if (found !== undefined) await this.change(found, account)
        return { ...state, account }
      },
      undo: async ({ accountBefore: before }) => {
        if (before === null && creates) return goneEither(this.directory.remove(user.id))
        const found = await this.directory.find(user.id)
        if (found === undefined || before === undefined || before === null) return
        await this.change(found, withPlaceOf(comparable(found), comparable(before), this.loginNames))
      },
    }
  }

  private async change(found: Account, after: Account): Promise<void> {
    const change = changeBetween(comparable(found), after)
    if (Object.keys(change).length > 0) await this.directory.update(found.id, change, { known: found })
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

/** The account with another's domain and phone number, and the login name that goes with that domain. */
function withPlaceOf(account: Account, other: Account, loginNames: LoginNames): Account {
  const { domain = [], phone_number: phoneNumber = [] } = other.attributes
  const { domain: _, phone_number: __, ...attributes } = account.attributes
  const username = usernameIn(account.loginName, loginNames, [...(account.attributes['domain'] ?? []), ...domain])
  const place = domain[0] === undefined ? undefined : domainName(domain[0])
  const loginName =
    username === undefined || place === undefined ? account.loginName : loginNames.of({ username, domain: place })
  return {
    ...account,
    loginName,
    attributes: {
      ...attributes,
      ...(domain.length > 0 && { domain }),
      ...(phoneNumber.length > 0 && { phone_number: phoneNumber }),
    },
  }
}

/** The goal with what Keycloak says by now. Names that are claimed stay those of the goal. */
function asItIs(goal: UserRecord, account: Account | undefined): UserRecord {
  if (account === undefined) return goal
  const { enabled, emailVerified, firstName, lastName } = account
  const attributes = freeAttributesOf(account)
  return { ...goal, user: { ...goal.user, enabled, emailVerified, firstName, lastName, attributes } }
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
