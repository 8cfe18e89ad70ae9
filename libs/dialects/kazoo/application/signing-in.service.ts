import { Injectable } from '@nestjs/common'
import { type Actor, type Origin, ownOnly } from '#kernel'
import { Administrators } from '#core/users'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'
import type { Told } from '../domain/answers/told.ts'
import { kazooId } from '../domain/ids/kazoo-id.ts'
import { nothingThere } from '../domain/problems/kazoo-errors.ts'
import { basicCredentialsIn } from '../domain/signing-in/basic-credentials.ts'
import { signInRequest } from '../domain/signing-in/sign-in-request.ts'
import { AccountsService } from './accounts.service.ts'
import { KazooUserAuth } from './kazoo-user-auth.ts'
import { SignInReports } from './sign-in-reports.ts'
import { SignInTries } from './sign-in-tries.ts'
import { TokenHolders } from './token-holders.ts'
import type { TokenHolder } from './token-store.ts'

/** Signing in with what Kazoo's clients have in the place of a password, and the tokens that come of it. */
@Injectable()
export class SigningInService {
  constructor(
    readonly userAuth: KazooUserAuth,
    private readonly accounts: AccountsService,
    private readonly administrators: Administrators,
    private readonly tries: SignInTries,
    private readonly holders: TokenHolders,
    private readonly reports: SignInReports,
  ) {}

  async signIn(body: unknown, origin: Origin): Promise<Told> {
    if (!this.userAuth.on) throw nothingThere()
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
  async callerOf(token: string, origin: Origin): Promise<Actor | undefined> {
    if (!this.userAuth.on) return undefined
    const basic = basicCredentialsIn(token)
    if (basic === undefined) return actorOf(await this.holders.find(token))
    const accounts = () => this.accounts.withId(basic.account)
    const { user } = await this.tries.signIn({ accounts, digest: basic.digest, origin })
    return actorOf({ ...user, userId: user.id, role: await this.administrators.roleOf(user.id) })
  }
}

type Caller = Pick<TokenHolder, 'userId' | 'username' | 'domain' | 'role'>

function actorOf(caller: Caller | undefined): Actor | undefined {
  if (caller === undefined) return undefined
  const { userId, username, domain, role } = caller
  return { subject: userId, name: username, role: role ?? ownOnly, domain }
}
