import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import type { ListedPage } from '../domain/answers/envelope.ts'
import type { Told } from '../domain/answers/told.ts'
import { listRevision, listRevisionOf } from '../domain/answers/revision.ts'
import { userDocument } from '../domain/document/user-document.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { type ListQuery, listQuery } from '../domain/listing/list-query.ts'
import { cursorText, type PageCursor } from '../domain/listing/page-cursor.ts'
import { summaryOf } from '../domain/listing/summary.ts'
import { tooMuchAtOnce, tooSlow } from '../domain/problems/found-problems.ts'
import { InvalidDocument } from '../domain/problems/invalid-document.ts'
import { KazooUserList, type ListedUser } from './kazoo-user-list.ts'
import { ListLimits } from './list-limits.ts'

/** Of lists that are wanted whole, how many bytes of rows: those of some 150,000 users, as they usually are. */
const mostBytes = 32 * 1024 * 1024

/** Of lists that are wanted whole, how many rows are read at once. */
const slice = 1000

/** Lists of users, by page or whole. */
@Injectable()
export class Listing {
  constructor(
    private readonly users: KazooUserList,
    private readonly limits: ListLimits,
  ) {}

  async list(domain: DomainName, query: JsonObject): Promise<Told> {
    const { page, ...conditions } = listQuery(query)
    if (page === undefined) return this.whole(domain, conditions)
    const { size, start } = page
    const found = await this.users.find(domain, conditions, { limit: size + 1, start })
    const rows = found.slice(0, size).map(rowOf)
    const [next] = found.slice(size)
    const told: ListedPage = {
      size: rows.length,
      ...(start !== undefined && { startKey: cursorText(start) }),
      ...(next !== undefined && { nextStartKey: cursorText(next.cursor) }),
    }
    return { data: rows, revision: listRevisionOf(rows, told), page: told }
  }

  private async whole(domain: DomainName, conditions: Omit<ListQuery, 'page'>): Promise<Told> {
    const rows: JsonObject[] = []
    const revision = listRevision()
    const { wholeSeconds } = this.limits
    const end = performance.now() + 1000 * wholeSeconds
    let start: PageCursor | undefined
    do {
      if (performance.now() > end) throw new InvalidDocument([tooSlow(['paginate'], wholeSeconds, 'ask for pages')])
      const page = { limit: slice + 1, start, hasMany: start !== undefined }
      const found: readonly ListedUser[] = await this.users.find(domain, conditions, page)
      const next = found.slice(0, slice).map(rowOf)
      if (revision.add(next).bytes > mostBytes) throw new InvalidDocument([tooMuchAtOnce(['paginate'], mostBytes)])
      rows.push(...next)
      start = found.at(slice)?.cursor
    } while (start !== undefined)
    return { data: rows, revision: revision.text() }
  }
}

function rowOf(listed: ListedUser): JsonObject {
  return summaryOf(userDocument(listed))
}
