import { type DomainName, parseDomainName } from './domain-name.ts'

/** The two domains that every platform has: the root (`ROOT_DOMAIN`) and `anonymous` below it. */
export class PlatformDomains {
  readonly root: DomainName
  readonly anonymous: DomainName

  constructor(root: string) {
    this.root = parseDomainName(root)
    this.anonymous = parseDomainName('anonymous')
  }

  protects(name: DomainName): boolean {
    return name === this.root || name === this.anonymous
  }
}
