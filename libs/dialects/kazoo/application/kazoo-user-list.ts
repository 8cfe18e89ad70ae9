import type { DomainName } from '#core/domains'
import type { ExtendedUser } from '../domain/document/user-document.ts'
import type { ListQuery } from '../domain/listing/list-query.ts'
import type { PageCursor } from '../domain/listing/page-cursor.ts'

/** Of the extension it has what rows are made of. */
export interface ListedUser extends ExtendedUser {
  readonly cursor: PageCursor
}

export interface ListedSlice {
  readonly limit: number
  readonly start: PageCursor | undefined
  readonly hasMany?: boolean
}

/** Users of one domain together with what only the dialect knows of them, by last and first name. */
export abstract class KazooUserList {
  /**
   * As many as there are from the start, up to the limit. Of users that the dialect hasn't seen, the defaults count. `hasMany`:
   * it's known that a thousand come before the start. Where it takes too long it throws what the caller did wrong.
   */
  abstract find(
    domain: DomainName,
    conditions: Omit<ListQuery, 'page'>,
    page: ListedSlice,
  ): Promise<readonly ListedUser[]>
}
