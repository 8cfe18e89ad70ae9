import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import type { Told } from '../domain/answers/told.ts'
import { listRevisionOf } from '../domain/answers/revision.ts'
import { userDocument } from '../domain/document/user-document.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { type ListQuery, listQuery } from '../domain/listing/list-query.ts'
import { cursorText, type PageCursor } from '../domain/listing/page-cursor.ts'
import { summaryOf } from '../domain/listing/summary.ts'
import { KazooUserList, type ListedUser } from './kazoo-user-list.ts'

/** Of lists that are wanted whole, how many rows are read at once. */
const slice = 1000

/** Lists of users, by page or whole. */
@Injectable()
export class Listing {
  constructor(private readonly users: KazooUserList) {}

  async list(domain: DomainName, query: JsonObject): Promise<Told> {
    const { page, ...conditions } = listQuery(query)
    if (page === undefined) return toldRows(await this.all(domain, conditions))
    const { size, start } = page
    const found = await this.users.find(domain, conditions, { limit: size + 1, start })
    const rows = found.slice(0, size).map(rowOf)
    const [next] = found.slice(size)
    return {
      ...toldRows(rows),
      page: {
        size: rows.length,
        ...(start !== undefined && { startKey: cursorText(start) }),
        ...(next !== undefined && { nextStartKey: cursorText(next.cursor) }),
      },
    }
  }

  /** Whole documents are read some at a time: only their rows are kept. */
  private async all(domain: DomainName, conditions: Omit<ListQuery, 'page'>): Promise<readonly JsonObject[]> {
    const rows: JsonObject[] = []
    let start: PageCursor | undefined
    do {
      const found: readonly ListedUser[] = await this.users.find(domain, conditions, { limit: slice + 1, start })
      rows.push(...found.slice(0, slice).map(rowOf))
      start = found.at(slice)?.cursor
    } while (start !== undefined)
    return rows
  }
}

function rowOf(listed: ListedUser): JsonObject {
  return summaryOf(userDocument(listed))
}

function toldRows(rows: readonly JsonObject[]): Told {
  return { data: rows, revision: listRevisionOf(rows) }
}
