import { randomBytes } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Administrators, type SignedIn, SignInDigests } from '#core/users'
import { dialect } from '../domain/dialect-name.ts'
import { type TokenHolder, TokenStore } from './token-store.ts'

const tokenBytes = 32

/** Who holds a token of the dialect's, as the realm has them now. */
@Injectable()
export class TokenHolders {
  constructor(
    private readonly tokens: TokenStore,
    private readonly digests: SignInDigests,
    private readonly administrators: Administrators,
  ) {}

  async tokenFor({ user, passwordMark }: SignedIn): Promise<string> {
    const token = randomBytes(tokenBytes).toString('hex')
    await this.tokens.add(token, user.id, passwordMark)
    return token
  }

  async find(token: string): Promise<TokenHolder | undefined> {
    const holder = await this.tokens.use(token)
    return holder === undefined || holder.isFresh ? holder : this.askedAgain(token, holder)
  }

  /** The realm may have disabled the account meanwhile, given it another password, or another role. */
  private async askedAgain(token: string, holder: TokenHolder): Promise<TokenHolder | undefined> {
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
    return { ...holder, role }
  }
}
