import type { Scope, Transaction } from '#kernel'
import type { Domain } from '../domain/domain.ts'
import type { DomainName } from '../domain/domain-name.ts'

export interface DomainFilter {
  readonly name?: string
  /** Part of the name, in any case; wildcards are literal. */
  readonly nameContains?: string
}

/** kitter's own row of every domain. Whatever is out of the scope isn't there. */
export abstract class DomainRecords {
  /** By name. */
  abstract list(scope: Scope, filter: DomainFilter): Promise<readonly Domain[]>
  abstract find(scope: Scope, id: string): Promise<Domain | undefined>
  abstract findByName(scope: Scope, name: DomainName): Promise<Domain | undefined>
  abstract children(name: DomainName): Promise<readonly Domain[]>
  abstract countUsers(name: DomainName): Promise<number>

  abstract add(domain: Domain, within: Transaction): Promise<void>
  /** The row with the domain's id, or the one that it had before; its users and children follow a new name. */
  abstract replace(domain: Domain, within: Transaction, formerId?: string): Promise<void>
  abstract remove(id: string, within: Transaction): Promise<void>
}
