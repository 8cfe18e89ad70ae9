import type { DomainName } from '#core/domains'
import type { SessionKeeper } from '#core/sessions'
import type { Role } from '#kernel'

/** Who has signed in, and with which password. */
export interface TokenHolder {
  readonly userId: string
  readonly username: string
  readonly domain: DomainName
  readonly passwordMark: string
  /** As the realm had it when it was asked last. */
  readonly role: Role | undefined
  /** The realm has been asked a moment ago. */
  readonly isFresh: boolean
}

/** The tokens of those who have signed in. Of a token only a hash is kept. They go with their users. */
export abstract class TokenStore implements SessionKeeper {
  abstract add(token: string, userId: string, passwordMark: string): Promise<void>
  /** Nobody where it has expired, the user is disabled, or has another password by now, as far as kitter knows. */
  abstract use(token: string): Promise<TokenHolder | undefined>
  /** The realm has been asked, and the user may stay. */
  abstract refresh(token: string, role: Role | undefined): Promise<void>
  abstract remove(token: string): Promise<void>
  abstract endOf(userId: string): Promise<number>
  abstract endOfDomain(domain: DomainName): Promise<number>
  abstract endAll(): Promise<number>
}
