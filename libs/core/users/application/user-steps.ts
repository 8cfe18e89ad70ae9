import { Injectable } from '@nestjs/common'
import { goneEither, type Step } from '#core/provisioning'
import type { NewPassword } from '../domain/password.ts'
import type { SipCredential } from '../domain/sip-mapping.ts'
import type { User } from '../domain/user.ts'
import { accountOf, changeBetween, communicationsUserOf, reverseOf } from './account.ts'
import { type CommunicationsUser, CommunicationsUsers } from './communications-users.ts'
import { Credentials } from './credentials.ts'
import { type Account, IdentityDirectory } from './identity-directory.ts'
import type { UserRecord } from './user-records.ts'
import { UserSessions } from './user-sessions.ts'

export type CreateState = { readonly communicationsId?: string; readonly sipMappingId?: string }
export type UpdateState = { readonly communicationsUser?: CommunicationsUser; readonly account?: Account }

export interface NewUserSteps {
  readonly user: User
  readonly loginName: string
  readonly password?: NewPassword | undefined
  readonly sipMapping?: SipCredential | undefined
}

export interface ChangedUserSteps {
  readonly before: UserRecord
  readonly after: UserRecord
  readonly password?: NewPassword | undefined
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

  create({ user, loginName, password, sipMapping }: NewUserSteps): Step<CreateState>[] {
    const steps = [this.createAtWacCore(user)]
    if (sipMapping !== undefined) steps.push(this.mapSip(sipMapping))
    return [...steps, this.createAccount(accountOf(user, loginName), password)]
  }

  update({ before, after, password }: ChangedUserSteps): Step<UpdateState>[] {
    const steps: Step<UpdateState>[] = []
    if (!sameAtWacCore(before.user, after.user)) steps.push(this.replaceAtWacCore(before.communicationsId, after.user))
    const change = changeBetween(accountOf(before.user, before.loginName), accountOf(after.user, after.loginName))
    if (Object.keys(change).length > 0) steps.push(this.updateAccount(after.user.id, change))
    if (password !== undefined) steps.push(this.setPassword(after.user.id, password))
    const disabled = before.user.enabled && !after.user.enabled
    if (password !== undefined || disabled) steps.push(this.endSessions(after.user.id))
    return steps
  }

  remove({ user, communicationsId }: UserRecord): Step<Record<string, never>>[] {
    return [
      {
        name: 'wac-core: delete user',
        do: (state) => after(state, goneEither(this.communications.remove(communicationsId))),
      },
      { name: 'keycloak: delete account', do: (state) => after(state, goneEither(this.directory.remove(user.id))) },
    ]
  }

  private createAtWacCore(user: User): Step<CreateState> {
    return {
      name: 'wac-core: create user',
      do: async (state) => ({
        ...state,
        communicationsId: await this.communications.create(communicationsUserOf(user)),
      }),
      undo: async ({ communicationsId }) => {
        if (communicationsId !== undefined) await goneEither(this.communications.remove(communicationsId))
      },
    }
  }

  private mapSip(credential: SipCredential): Step<CreateState> {
    return {
      name: 'wac-core: create SIP mapping',
      do: async (state) => ({
        ...state,
        sipMappingId: await this.communications.map(state.communicationsId ?? '', credential),
      }),
      undo: async ({ sipMappingId }) => {
        if (sipMappingId !== undefined) await this.communications.unmap(sipMappingId)
      },
    }
  }

  private createAccount(account: Account, password: NewPassword | undefined): Step<CreateState> {
    return {
      name: 'keycloak: create account',
      do: (state) => after(state, this.directory.create(account, password)),
      undo: () => goneEither(this.directory.remove(account.id)),
    }
  }

  private replaceAtWacCore(communicationsId: string, user: User): Step<UpdateState> {
    return {
      name: 'wac-core: update user',
      do: async (state) => ({
        ...state,
        communicationsUser: await this.communications.replace(communicationsId, communicationsUserOf(user)),
      }),
      undo: async ({ communicationsUser }) => {
        if (communicationsUser !== undefined) await this.communications.replace(communicationsId, communicationsUser)
      },
    }
  }

  private updateAccount(id: string, change: ReturnType<typeof changeBetween>): Step<UpdateState> {
    return {
      name: 'keycloak: update account',
      do: async (state) => ({ ...state, account: await this.directory.update(id, change) }),
      undo: async ({ account }) => {
        if (account !== undefined) await this.directory.update(id, reverseOf(change, account))
      },
    }
  }

  private setPassword(id: string, password: NewPassword): Step<UpdateState> {
    return { name: 'keycloak: set password', do: (state) => after(state, this.credentials.setPassword(id, password)) }
  }

  private endSessions(id: string): Step<UpdateState> {
    return { name: 'keycloak: end sessions', do: (state) => after(state, this.sessions.end(id)) }
  }
}

async function after<State>(state: State, effect: Promise<unknown>): Promise<State> {
  await effect
  return state
}

function sameAtWacCore(before: User, next: User): boolean {
  return JSON.stringify(communicationsUserOf(before)) === JSON.stringify(communicationsUserOf(next))
}
