import { Injectable } from '@nestjs/common'
import { type DomainName } from '#core/domains'
import { parseUserName } from '#core/users'
import { Conditions, Database, isOutOfTime, type Queries, searchedLine, withinTime } from '#infrastructure/postgres'
import { KazooUserList, type ListedSlice, type ListedUser } from '../application/kazoo-user-list.ts'
import { ListLimits } from '../application/list-limits.ts'
import { dialect } from '../domain/dialect-name.ts'
import type { JsonObject } from '../domain/json-object.ts'
import type { ListQuery, TimeSpan } from '../domain/listing/list-query.ts'
import { tooSlow } from '../domain/problems/found-problems.ts'
import { InvalidDocument } from '../domain/problems/invalid-document.ts'
import { documentCondition } from './document-conditions.ts'
import { listedPart } from './listed-part.ts'
import { namesCut } from './own-columns.ts'

type ListConditions = Omit<ListQuery, 'page'>

interface ListedRow {
  readonly id: string
  readonly username: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email: string | null
  readonly enabled: boolean
  readonly listed: JsonObject | null
  readonly key: string
}

/** By last and first name without case and accents, as Kazoo's database does it: the expression of the index. */
const key = `left(${searchedLine('last_name')} || ' ' || ${searchedLine('first_name')}, ${namesCut})`
/** Never whole documents: a thousand of them may be very much. */
const columns = `users.id, username, first_name, last_name, email, enabled, ${listedPart} AS listed`
const joined = `
  kitter.users LEFT JOIN kitter.user_extensions AS extension ON extension.user_id = users.id AND dialect = '${dialect}'`
/** User by user: documents are looked into as the order comes by them, and never found first. */
const joinedInOrder = `
  kitter.users LEFT JOIN LATERAL (
    SELECT document FROM kitter.user_extensions WHERE user_id = users.id AND dialect = '${dialect}' OFFSET 0
  ) AS extension ON true`

/** Up to so many are found and then sorted; where there are more, the order's index soon comes by a page of them. */
const fewest = 1000

@Injectable()
export class PostgresKazooUserList extends KazooUserList {
  constructor(
    private readonly database: Database,
    private readonly limits: ListLimits,
  ) {
    super()
  }

  /** Two ways where there are filters, for Postgres misjudges how many rows a document's condition lets through. */
  override async find(domain: DomainName, asked: ListConditions, page: ListedSlice): Promise<readonly ListedUser[]> {
    const conditions = new Conditions().and((value) => `domain = ${value(domain)}`)
    const filtered = conditionsOf(conditions, asked)
    const order = asked.isDescending ? 'DESC' : 'ASC'
    if (filtered === conditions) return listed(await inOrder(this.database, filtered, order, page))
    const rows = await this.limited(async (queries) => {
      const few = page.hasMany === true ? undefined : await some(queries, filtered, order, page)
      return few ?? (await inOrderOnly(queries, filtered, order, page))
    })
    return listed(rows)
  }

  private async limited<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const { pageSeconds } = this.limits
    try {
      return await this.database.transaction((queries) => work(withinTime(queries, 1000 * pageSeconds)))
    } catch (error) {
      throw isOutOfTime(error) ? new InvalidDocument([tooSlow(['filter'], pageSeconds, 'look for less')], error) : error
    }
  }
}

type Order = 'ASC' | 'DESC'

/** The page out of all that match, if they are few. */
async function some(
  queries: Queries,
  { where, parameters }: Conditions,
  order: Order,
  page: ListedSlice,
): Promise<readonly ListedRow[] | undefined> {
  const from = startingAt(new Conditions([], parameters), 'key', 'id', order, page)
  const rows = await queries.rows<ListedRow & { readonly total: number }>(
    `WITH matching AS MATERIALIZED (SELECT users.id, ${key} AS key FROM ${joined} ${where} LIMIT ${fewest}),
    page AS (SELECT id, key FROM matching ${from.where} ORDER BY key ${order}, id ${order} LIMIT ${page.limit})
    SELECT total, ${columns}, page.key FROM (SELECT count(*)::int AS total FROM matching) AS counted
    LEFT JOIN (page JOIN (${joined}) ON users.id = page.id) ON true
    ORDER BY page.key ${order}, users.id ${order}`,
    ...from.parameters,
  )
  return rows[0]?.total === fewest ? undefined : rows.filter(({ id }) => typeof id === 'string')
}

async function inOrderOnly(queries: Queries, ...rest: [Conditions, Order, ListedSlice]): Promise<readonly ListedRow[]> {
  // it would find and sort all of them wherever it underestimates how many there are
  await queries.rows('SET LOCAL enable_sort = off')
  return inOrder(queries, ...rest)
}

function inOrder(
  queries: Queries,
  conditions: Conditions,
  order: Order,
  page: ListedSlice,
): Promise<readonly ListedRow[]> {
  const { where, parameters } = startingAt(conditions, key, 'users.id', order, page)
  return queries.rows<ListedRow>(
    `SELECT ${columns}, ${key} AS key FROM ${joinedInOrder} ${where}
    ORDER BY ${key} ${order}, users.id ${order} LIMIT ${page.limit}`,
    ...parameters,
  )
}

function startingAt(conditions: Conditions, by: string, id: string, order: Order, { start }: ListedSlice): Conditions {
  if (start === undefined) return conditions
  const comparison = order === 'DESC' ? '<=' : '>='
  return conditions.and((value) => `(${by}, ${id}) ${comparison} (${value(start.sortKey)}, ${value(start.id)}::uuid)`)
}

/** Whoever changes a document changes the user: both are written together. */
function conditionsOf(domain: Conditions, { filters, created, modified }: ListConditions): Conditions {
  const timed = within(within(domain, 'created_at', created), 'updated_at', modified)
  return filters.reduce(documentCondition, timed)
}

/** Both ends are included, in whole seconds. */
function within(conditions: Conditions, time: string, { from, to }: TimeSpan): Conditions {
  return conditions
    .given(from && from.getTime() / 1000, (value) => `users.${time} >= to_timestamp(${value})`)
    .given(to && to.getTime() / 1000 + 1, (value) => `users.${time} < to_timestamp(${value})`)
}

function listed(rows: readonly ListedRow[]): readonly ListedUser[] {
  return rows.map((row) => ({
    user: {
      id: row.id,
      username: parseUserName(row.username),
      firstName: row.first_name ?? undefined,
      lastName: row.last_name ?? undefined,
      email: row.email ?? undefined,
      enabled: row.enabled,
    },
    extension: row.listed ?? undefined,
    cursor: { sortKey: row.key, id: row.id },
  }))
}
