import { Injectable } from '@nestjs/common'
import { type Actor, everywhere, ownOnly, scopeOf } from '#kernel'
import { DomainRecords, unknownDomainIn } from '#core/domains'
import { requireFreeNames } from './free-names.ts'
import { type UserRecord, UserRecords } from './user-records.ts'

/** What must hold, under the claims, of where a user is to be and what it is to be called. */
@Injectable()
export class PlaceChecks {
  constructor(
    private readonly records: UserRecords,
    private readonly domains: DomainRecords,
  ) {}

  /** `path` is where the request names the domain. */
  async require(
    actor: Actor,
    { user, loginName }: Pick<UserRecord, 'user' | 'loginName'>,
    path: string,
  ): Promise<void> {
    // who has only their own user can't move it
    const scope = actor.role === ownOnly ? everywhere : scopeOf(actor)
    if ((await this.domains.findByName(scope, user.domain)) === undefined) throw unknownDomainIn(path)
    await requireFreeNames(this.records, user, loginName)
  }
}
