import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import type { SessionKeeper } from '#core/sessions'
import { TokenStore } from './token-store.ts'

/** Whoever is logged out has no token any more. */
@Injectable()
export class TokenKeeper implements SessionKeeper {
  constructor(private readonly tokens: TokenStore) {}

  endOf(userId: string): Promise<number> {
    return this.tokens.removeOf(userId)
  }

  endOfDomain(domain: DomainName): Promise<number> {
    return this.tokens.removeOfDomain(domain)
  }

  endAll(): Promise<number> {
    return this.tokens.removeAll()
  }
}
