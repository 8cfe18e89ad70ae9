import { randomBytes } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { type Actor, ownOnly } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import { Administrators, type SignedIn, SignInDigests } from '#core/users'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'
import type { Told } from '../domain/answers/told.ts'
import { kazooId } from '../domain/ids/kazoo-id.ts'
import { NothingThere } from '../domain/problems/nothing-there.ts'
import { SignInRefused } from '../domain/problems/sign-in-refused.ts'
import { TooManyTries } from '../domain/problems/too-many-tries.ts'
import { basicCredentialsIn } from '../domain/signing-in/basic-credentials.ts'
import { networkOf } from '../domain/signing-in/network-of.ts'
import { signInRequest } from '../domain/signing-in/sign-in-request.ts'
import { AccountsService } from './accounts.service.ts'
import { dialect } from './dialect-name.ts'
import { KazooUserAuth } from './kazoo-user-auth.ts'
import { type TokenHolder, TokenStore } from './token-store.ts'
import { Tries, type TriesLimit } from './tries.ts'

const tokenBytes = 32
/** Failed tries within ten minutes. Whose name somebody tries, an md5 doesn't tell: the account stands for its users. */
const mostByAddress = 20
const mostOfAccount = 200

interface Try {
  readonly domain: DomainName | undefined
  readonly digest: string | undefined
  readonly address: string
}

/** Signing in with what Kazoo's clients have in the place of a password, and the tokens that come of it. */
@Injectable()
export class SigningInService {
  constructor(
    readonly userAuth: KazooUserAuth,
    private readonly accounts: AccountsService,
    private readonly digests: SignInDigests,
    private readonly administrators: Administrators,
    private readonly tokens: TokenStore,
    private readonly tries: Tries,
  ) {}

  async signIn(body: unknown, address: string): Promise<Told> {
    if (!this.userAuth.on) throw new NothingThere()
    const request = signInRequest(requestEnvelope(body).data)
    const { user, passwordMark } = await this.tried({
      domain: await this.accounts.domainNamed(request),
      digest: request.method === 'md5' ? request.digest : undefined,
      address,
    })
    const token = randomBytes(tokenBytes).toString('hex')
    await this.tokens.add(token, user.id, passwordMark)
    return { data: { ...(await this.accounts.told(user)), owner_id: kazooId(user.id) }, authToken: token }
  }

  /** Who calls with a token, or with what one signs in with. */
  async callerOf(token: string, address: string): Promise<Actor | undefined> {
    if (!this.userAuth.on) return undefined
    const basic = basicCredentialsIn(token)
    if (basic === undefined) return this.holderOf(token)
    const { domain } = (await this.accounts.find(basic.account).catch(() => undefined)) ?? {}
    const { user } = await this.tried({ domain: domain?.name, digest: basic.digest, address })
    return actorOf({ ...user, userId: user.id, role: await this.administrators.roleOf(user.id) })
  }

  private async holderOf(token: string): Promise<Actor | undefined> {
    const holder = await this.tokens.use(token)
    return holder === undefined || holder.isFresh ? holder && actorOf(holder) : this.askedAgain(token, holder)
  }

  /** The realm may have disabled the account meanwhile, given it another password, or another role. */
  private async askedAgain(token: string, holder: TokenHolder): Promise<Actor | undefined> {
    const { userId, passwordMark } = holder
    const [mark, role] = await Promise.all([
      this.digests.currentMark(dialect, userId),
      this.administrators.roleOf(userId),
    ])
    if (mark !== passwordMark) {
      await this.tokens.remove(token)
      return undefined
    }
    await this.tokens.refresh(token, role)
    return actorOf({ ...holder, role })
  }

  /** Counted before it's made, so that many at once are no way around it. */
  private async tried({ domain, digest, address }: Try): Promise<SignedIn> {
    const limits: readonly TriesLimit[] = [
      { who: `address ${networkOf(address)}`, most: mostByAddress },
      ...(domain === undefined ? [] : [{ who: `account ${domain}`, most: mostOfAccount }]),
    ]
    const pause = await this.tries.begin(limits)
    if (pause !== undefined) throw new TooManyTries(pause)
    const signedIn = await this.digests.signIn(dialect, domain ?? nowhere, digest ?? '')
    if (signedIn === undefined) throw new SignInRefused()
    await this.tries.takeBack(limits)
    return signedIn
  }
}

/** A try there takes as long as one elsewhere. */
const nowhere = parseDomainName('nowhere.invalid')

type Caller = Pick<TokenHolder, 'userId' | 'username' | 'domain' | 'role'>

function actorOf({ userId, username, domain, role }: Caller): Actor {
  return { subject: userId, name: username, role: role ?? ownOnly, domain }
}
