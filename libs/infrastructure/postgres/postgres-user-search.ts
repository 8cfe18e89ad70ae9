import { Injectable } from '@nestjs/common'
import { Places, type Scope } from '#kernel'
import {
  estimatedFrom,
  type Found,
  type FoundUser,
  type Position,
  type SearchCriteria,
  searchCrowded,
  searchTooSlow,
  UserSearch,
} from '#core/search'
import { Conditions } from './conditions.ts'
import { Database } from './database.ts'
import { domainsWithin } from './domains-within.ts'
import { isOutOfTime } from './is-out-of-time.ts'
import type { Queries } from './queries.ts'
import { searchConditions } from './search-conditions.ts'
import { SearchLimits } from './search-limits.ts'
import { SearchOrder } from './search-order.ts'
import { recordOf, userColumns, type UserRow } from './user-row.ts'
import { withinTime } from './within-time.ts'

interface FoundRow extends UserRow {
  readonly position: string
}

/** One of those that a search finds, or that there are none. */
type CountedRow = { readonly total: number } & (FoundRow | { readonly id: null })

interface Plan {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }]
}

@Injectable()
export class PostgresUserSearch extends UserSearch {
  private readonly places: Places

  constructor(
    private readonly database: Database,
    private readonly limits: SearchLimits,
  ) {
    super()
    this.places = new Places(limits.atOnce, limits.longestWaitMs)
  }

  override find(scope: Scope, criteria: SearchCriteria, limit: number, behind?: Position): Promise<Found> {
    const order = new SearchOrder(criteria.sort, behind)
    return this.limited(async (queries) => {
      const domains = await domainsWithin(queries, scope, criteria.domain)
      return this.search(queries, searchConditions(domains, criteria), order, limit)
    })
  }

  /**
   * Two ways, for Postgres misjudges how many rows have a part of a text, and then goes the wrong one: where only some
   * match, all of them are found and then sorted; where many do, the index of the order soon comes by a page of them.
   */
  private async search(queries: Queries, conditions: Conditions, order: SearchOrder, limit: number): Promise<Found> {
    const some = await findSome(queries, conditions, order, limit, estimatedFrom)
    if (some.total < estimatedFrom) return { ...some, isEstimate: false }
    const { mostSorted } = this.limits
    const total = await estimate(queries, conditions)
    if (total < mostSorted) {
      // those of one domain may all come late in the order, behind a million others
      const more = await findSome(queries, conditions, order, limit, 2 * mostSorted)
      if (more.total < 2 * mostSorted) return { ...more, isEstimate: true }
    }
    return { users: await findInOrder(queries, conditions, order, limit), total, isEstimate: true }
  }

  private async limited<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const { milliseconds } = this.limits
    try {
      return await this.places.take(
        () => this.database.transaction((queries) => work(withinTime(queries, milliseconds))),
        searchCrowded,
      )
    } catch (error) {
      throw isOutOfTime(error) ? searchTooSlow(error) : error
    }
  }
}

/** All that match, unless they are more than `most`; of those, the page. */
async function findSome(
  queries: Queries,
  conditions: Conditions,
  order: SearchOrder,
  limit: number,
  most: number,
): Promise<Omit<Found, 'isEstimate'>> {
  const { where, parameters } = order.from(new Conditions([], conditions.parameters), 'key', 'id')
  const rows = await queries.rows<CountedRow>(
    `WITH matching AS MATERIALIZED (
      SELECT id, ${order.key} AS key FROM kitter.users ${conditions.where} LIMIT ${most}),
    page AS (SELECT id, key FROM matching ${where} ${order.by('key', 'id')} LIMIT ${limit})
    SELECT total, ${userColumns}, ${order.positionOf('key')} AS position
    FROM (SELECT count(*)::int AS total FROM matching) AS counted
    LEFT JOIN (page JOIN kitter.users USING (id)) ON true ${order.by('key', 'id')}`,
    ...parameters,
  )
  const users = rows.flatMap((row) => (row.id === null ? [] : [foundUserOf(row)]))
  return { users, total: rows[0]?.total ?? 0 }
}

async function findInOrder(
  queries: Queries,
  conditions: Conditions,
  order: SearchOrder,
  limit: number,
): Promise<readonly FoundUser[]> {
  // it would find and sort all of them wherever it underestimates how many there are
  await queries.rows('SET LOCAL enable_sort = off')
  const { where, parameters } = order.from(conditions, order.key, 'id')
  const rows = await queries.rows<FoundRow>(
    `SELECT ${userColumns}, ${order.positionOf(order.key)} AS position
    FROM kitter.users ${where} ${order.by(order.key, 'id')} LIMIT ${limit}`,
    ...parameters,
  )
  return rows.map(foundUserOf)
}

/** What Postgres expects, by its statistics. */
async function estimate(queries: Queries, { where, parameters }: Conditions): Promise<number> {
  const [plan] = await queries.rows<Plan>(`EXPLAIN (FORMAT JSON) SELECT FROM kitter.users ${where}`, ...parameters)
  return Math.max(estimatedFrom, Math.round(plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0))
}

function foundUserOf(row: FoundRow): FoundUser {
  return { user: recordOf(row).user, position: { key: row.position, id: row.id } }
}
