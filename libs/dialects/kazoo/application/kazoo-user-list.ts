import type { DomainName } from '#core/domains'
import type { ExtendedUser } from '../domain/document/user-document.ts'
import type { ListQuery } from '../domain/listing/list-query.ts'
import type { PageCursor } from '../domain/listing/page-cursor.ts'

/** Of the extension it has what rows are made of. */
export interface ListedUser extends ExtendedUser {
  readonly cursor: PageCursor
}

/** Users of one domain together with what only the dialect knows of them, by last and first name. */
export abstract class KazooUserList {
  /** As many as there are from the start, up to the limit. Of users that the dialect hasn't seen, the defaults count. */
  abstract find(
    domain: DomainName,
    conditions: Omit<ListQuery, 'page'>,
    page: { readonly limit: number; readonly start: PageCursor | undefined },
  ): Promise<readonly ListedUser[]>
}
