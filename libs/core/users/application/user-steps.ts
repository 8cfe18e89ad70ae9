import { Injectable } from '@nestjs/common'
import { goneEither, madeOrFound, type Step } from '#core/provisioning'
import type { HashedPassword, NewPassword } from '../domain/password.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import type { User } from '../domain/user.ts'
import type { UserExtension } from '../domain/user-extension.ts'
import { secretGone } from '../domain/user-errors.ts'
import { accountOf, changeBetween, communicationsUserOf, reverseOf } from './account.ts'
import { type CommunicationsUser, CommunicationsUsers } from './communications-users.ts'
import { Credentials } from './credentials.ts'
import { type Account, type AccountChange, IdentityDirectory } from './identity-directory.ts'
import type { DigestHashes } from './sign-in-digest-records.ts'
import type { UserRecord } from './user-records.ts'
import { UserSessions } from './user-sessions.ts'

export type CreateState = {
  readonly communicationsId?: string
  readonly sipMappingId?: string
  readonly passwordSet?: string
  readonly passwordMark?: string | undefined
}
export type UpdateState = {
  readonly communicationsUser?: CommunicationsUser | undefined
  /** How it was when the operation began, and when its step was last tried. */
  readonly account?: Account | undefined
  readonly latest?: Account | undefined
  readonly passwordSet?: string
  /** Which password it is, once it's set. */
  readonly passwordMark?: string | undefined
}

export type ChangedExtension = UserExtension & {
  /** By name. */
  readonly changed: readonly string[]
}

/** What kitter alone keeps beside a user. */
export type Beside = {
  readonly extension?: ChangedExtension | undefined
  /** Of a new password. */
  readonly digests?: DigestHashes | undefined
}

/** Which steps there are. Secrets aren't among it. */
export type NewUserSteps = Beside & {
  readonly user: User
  readonly loginName: string
  readonly mapsSip: boolean
  /** Once the account is there, by the realm itself. */
  readonly setsPassword: boolean
}

export type ChangedUserSteps = Beside & {
  readonly before: UserRecord
  readonly after: UserRecord
  readonly password?: HashedPassword | undefined
  readonly setsPassword: boolean
}

/** What is known only while the caller waits. */
export interface UserSecrets {
  readonly hashed?: HashedPassword | undefined
  readonly password?: NewPassword | undefined
  readonly sipMapping?: SipCredential | undefined
}

/**
 * The effects on wac-core and Keycloak, in the order that loses nothing: a create ends with Keycloak's single
 * transaction, so that nobody logs in half-provisioned; a delete begins with wac-core, which may refuse; what can't be
 * taken back comes last.
 */
@Injectable()
export class UserSteps {
  constructor(
    private readonly communications: CommunicationsUsers,
    private readonly directory: IdentityDirectory,
    private readonly credentials: Credentials,
    private readonly sessions: UserSessions,
  ) {}

  create(payload: NewUserSteps, { hashed, password, sipMapping }: UserSecrets = {}): Step<CreateState>[] {
    const { user, loginName, mapsSip, setsPassword, digests } = payload
    const steps = [this.createAtWacCore(user)]
    if (mapsSip) steps.push(this.mapSip(sipMapping))
    steps.push(this.createAccount(accountOf(user, loginName), hashed))
    if (setsPassword) steps.push({ ...this.setPassword<CreateState>(user.id, password), undo: goesWithTheAccount })
    if (hasAny(digests)) steps.push({ ...this.markPassword<CreateState>(user.id, true), undo: goesWithTheAccount })
    return steps
  }

  update(payload: ChangedUserSteps, secrets: UserSecrets = {}): Step<UpdateState>[] {
    const { before, after, password, setsPassword, digests } = payload
    const { id } = after.user
    const steps: Step<UpdateState>[] = []
    if (!sameAtWacCore(before.user, after.user)) steps.push(this.replaceAtWacCore(before.communicationsId, after.user))
    const change = changeBetween(accountOf(before.user, before.loginName), accountOf(after.user, after.loginName))
    if (Object.keys(change).length > 0 || password !== undefined) steps.push(this.updateAccount(id, change, password))
    if (setsPassword) steps.push(this.setPassword<UpdateState>(id, secrets.password))
    const isOwnDoing = password !== undefined || secrets.password !== undefined
    if (hasAny(digests)) steps.push(this.markPassword<UpdateState>(id, isOwnDoing))
    const isDisabled = before.user.enabled && !after.user.enabled
    if (password !== undefined || setsPassword || isDisabled) steps.push(this.endSessions(id))
    return steps
  }

  remove({ id, communicationsId }: { readonly id: string; readonly communicationsId: string }): Step<UpdateState>[] {
    return [
      {
        name: 'wac-core: delete user',
        do: (state) => after(state, goneEither(this.communications.remove(communicationsId))),
      },
      { name: 'keycloak: delete account', do: (state) => after(state, goneEither(this.directory.remove(id))) },
    ]
  }

  /** Where the answer was lost, the user is the one of that name with our id. */
  private createAtWacCore(user: User): Step<CreateState> {
    const ownId = async (): Promise<string | undefined> => {
      const found = await this.communications.findByName(user.domain, user.username)
      return found?.user.externalId === user.id ? found.id : undefined
    }
    const create = (): Promise<string> =>
      madeOrFound('wac-core', this.communications.create(communicationsUserOf(user)), ownId)
    return {
      name: 'wac-core: create user',
      do: async (state) => ({ ...state, communicationsId: await create() }),
      undo: async ({ communicationsId }) => {
        const id = communicationsId ?? (await ownId())
        if (id !== undefined) await goneEither(this.communications.remove(id))
      },
    }
  }

  private mapSip(credential: SipCredential | undefined): Step<CreateState> {
    return {
      name: 'wac-core: create SIP mapping',
      do: async (state) => {
        if (credential === undefined) throw secretGone()
        return { ...state, sipMappingId: await this.communications.map(state.communicationsId ?? '', credential) }
      },
      // where its id isn't known, it goes with its user
      undo: async ({ sipMappingId }) => {
        if (sipMappingId !== undefined) await this.communications.unmap(sipMappingId)
      },
    }
  }

  private createAccount(account: Account, password: HashedPassword | undefined): Step<CreateState> {
    return {
      name: 'keycloak: create account',
      do: (state) => after(state, this.directory.create(account, password)),
      undo: () => goneEither(this.directory.remove(account.id)),
    }
  }

  private replaceAtWacCore(communicationsId: string, user: User): Step<UpdateState> {
    return {
      name: 'wac-core: update user',
      look: async (state) => ({
        communicationsUser: await this.communications.find(communicationsId),
        ...state,
      }),
      do: (state) => after(state, this.communications.replace(communicationsId, communicationsUserOf(user))),
      undo: async ({ communicationsUser }) => {
        if (communicationsUser === undefined) return
        await goneEither(this.communications.replace(communicationsId, communicationsUser).then(() => undefined))
      },
    }
  }

  /** A password comes with the change, or not at all; the one before is gone then. */
  private updateAccount(id: string, change: AccountChange, password: HashedPassword | undefined): Step<UpdateState> {
    const step: Step<UpdateState> = {
      name: 'keycloak: update account',
      look: async (state) => {
        const latest = await this.directory.find(id)
        return { account: latest, ...state, latest }
      },
      do: (state) => after(state, this.directory.update(id, change, { password, known: state.latest })),
    }
    if (password !== undefined) return step
    return {
      ...step,
      undo: async ({ account }) => {
        if (account === undefined) return
        await goneEither(this.directory.update(id, reverseOf(change, account)).then(() => undefined))
      },
    }
  }

  /** Whoever settles it hasn't the password any more, and sees whether it was set. */
  private setPassword<State extends { readonly passwordSet?: string }>(
    id: string,
    password: NewPassword | undefined,
  ): Step<State> {
    return {
      name: 'keycloak: set password',
      onlyOnce: true,
      look: async (state) => ({ passwordSet: (await this.credentials.lastSet(id)) ?? '', ...state }),
      do: async (state) => {
        if (password !== undefined) await this.credentials.setPassword(id, password)
        else if (((await this.credentials.lastSet(id)) ?? '') === state.passwordSet) throw secretGone()
        return state
      },
    }
  }

  /** Of a password that somebody else has set, perhaps long ago, nobody knows whether it's still the one. */
  private markPassword<State extends { readonly passwordMark?: string | undefined }>(
    id: string,
    isOwnDoing: boolean,
  ): Step<State> {
    return {
      name: 'keycloak: see which password it is',
      do: async (state) => (isOwnDoing ? { ...state, passwordMark: await this.credentials.lastSet(id) } : state),
    }
  }

  private endSessions(id: string): Step<UpdateState> {
    return { name: 'keycloak: end sessions', do: (state) => after(state, this.sessions.end(id)) }
  }
}

function hasAny(digests: DigestHashes | undefined): boolean {
  return digests !== undefined && Object.keys(digests).length > 0
}

function goesWithTheAccount(): Promise<void> {
  return Promise.resolve()
}

async function after<State>(state: State, effect: Promise<unknown>): Promise<State> {
  await effect
  return state
}

function sameAtWacCore(before: User, next: User): boolean {
  return JSON.stringify(communicationsUserOf(before)) === JSON.stringify(communicationsUserOf(next))
}
