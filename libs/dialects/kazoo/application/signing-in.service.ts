import { Injectable } from '@nestjs/common'
import { type Actor, type Origin, ownOnly } from '#kernel'
import { Administrators } from '#core/users'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'
import type { Told } from '../domain/answers/told.ts'
import { kazooId } from '../domain/ids/kazoo-id.ts'
import type { BasicCredentials } from '../domain/signing-in/basic-credentials.ts'
import { signInRequest } from '../domain/signing-in/sign-in-request.ts'
import { KazooUserAuth } from './kazoo-user-auth.ts'
import { SignInAccounts } from './sign-in-accounts.ts'
import { SignInReports } from './sign-in-reports.ts'
import { SignInTries } from './sign-in-tries.ts'
import { TokenHolders } from './token-holders.ts'
import type { TokenHolder } from './token-store.ts'

/** Signing in with what Kazoo's clients have in the place of a password, and the tokens that come of it. */
@Injectable()
export class SigningInService {
  constructor(
    readonly userAuth: KazooUserAuth,
    private readonly accounts: SignInAccounts,
    private readonly administrators: Administrators,
    private readonly tries: SignInTries,
    private readonly holders: TokenHolders,
    private readonly reports: SignInReports,
  ) {}

  async signIn(body: unknown, origin: Origin): Promise<Told> {
    const request = signInRequest(requestEnvelope(body).data)
    const signedIn = await this.tries.signIn({
      accounts: (network) => this.accounts.named(request, network),
      digest: request.method === 'md5' ? request.digest : undefined,
      origin,
    })
    const { user } = signedIn
    const authToken = await this.holders.tokenFor(signedIn)
    await this.reports.done(user, origin)
    return { data: { ...(await this.accounts.told(user)), owner_id: kazooId(user.id) }, authToken }
  }

  /** Who calls with a token, or with what one signs in with. */
  async callerOf(given: string | BasicCredentials, origin: Origin): Promise<Actor | undefined> {
    if (!this.userAuth.on) return undefined
    if (typeof given === 'string') return actorOf(await this.holders.find(given))
    const accounts = () => this.accounts.withId(given.account)
    const { user } = await this.tries.signIn({ accounts, digest: given.digest, origin })
    return actorOf({ ...user, userId: user.id, role: await this.administrators.roleOf(user.id) })
  }
}

type Caller = Pick<TokenHolder, 'userId' | 'username' | 'domain' | 'role'>

function actorOf(caller: Caller | undefined): Actor | undefined {
  if (caller === undefined) return undefined
  const { userId, username, domain, role } = caller
  return { subject: userId, name: username, role: role ?? ownOnly, domain }
}
