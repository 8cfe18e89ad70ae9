import { Injectable } from '@nestjs/common'
import { unknownDomainIn } from '#core/domains'
import { unknownUser, userNameTaken } from '#core/users'
import type { Queries } from '#infrastructure/postgres'
import type { WacUser, WacUserBody } from '#infrastructure/wac-core'
import { refusing } from '../database/refusing.ts'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { newWacId } from './wac-id.ts'

interface Row {
  readonly id: string
  readonly document: WacUserBody
}

interface WacUserFilter {
  readonly domain?: string | undefined
  readonly username?: string | undefined
}

const usersPerPage = 500

const refusals = { wac_users_name_key: userNameTaken, wac_users_domain_fkey: () => unknownDomainIn('domain') }

/** The users of wac-core's stand-in. */
@Injectable()
export class WacUsersStore {
  constructor(private readonly database: SandboxDatabase) {}

  async list({ domain, username }: WacUserFilter): Promise<readonly WacUser[]> {
    const sql = `
      SELECT id, document FROM sandbox.wac_users
      WHERE ($1::text IS NULL OR domain = $1) AND ($2::text IS NULL OR username = $2) ORDER BY id`
    return (await this.database.rows<Row>(sql, domain, username)).map(userOf)
  }

  /** The same, some at a time, however many there are. */
  async *scan({ domain, username }: WacUserFilter): AsyncGenerator<readonly WacUser[]> {
    const sql = `
      SELECT id, document FROM sandbox.wac_users
      WHERE ($1::text IS NULL OR domain = $1) AND ($2::text IS NULL OR username = $2) AND id > $3
      ORDER BY id LIMIT ${usersPerPage}`
    for (let last: string | undefined = ''; last !== undefined;) {
      const rows: Row[] = await this.database.rows<Row>(sql, domain, username, last)
      if (rows.length > 0) yield rows.map(userOf)
      last = rows.at(usersPerPage - 1)?.id
    }
  }

  async find(id: string): Promise<WacUser | undefined> {
    return (await this.database.rows<Row>('SELECT id, document FROM sandbox.wac_users WHERE id = $1', id)).map(
      userOf,
    )[0]
  }

  /** An empty domain means the root, which is the one without a parent. */
  async add(body: WacUserBody): Promise<WacUser> {
    const user = { ...body, domain: body.domain === '' ? await this.rootDomain() : body.domain }
    const id = newWacId()
    const sql = 'INSERT INTO sandbox.wac_users (id, document) VALUES ($1, $2)'
    await refusing(refusals, this.database.rows(sql, id, JSON.stringify(user)))
    return { ...user, id }
  }

  /** Reads, changes and writes while nobody else does. Gives back how it was before. */
  change(id: string, changed: (before: WacUser) => WacUserBody): Promise<WacUser> {
    return this.database.transaction(async (queries) => {
      const before = await locked(queries, id)
      const { id: _, ...body }: WacUserBody & { id?: string } = changed(before)
      const write = queries.rows('UPDATE sandbox.wac_users SET document = $2 WHERE id = $1', id, JSON.stringify(body))
      await refusing(refusals, write)
      return before
    })
  }

  /** With the SIP mappings, whose pool entries become available again. */
  remove(id: string): Promise<void> {
    return this.database.transaction(async (queries) => {
      await locked(queries, id)
      await queries.rows(
        `WITH gone AS (DELETE FROM sandbox.wac_sip_mappings WHERE owner_id = $1 RETURNING username)
        UPDATE sandbox.wac_sip_pool SET status = 'available' WHERE username IN (SELECT username FROM gone)`,
        id,
      )
      await queries.rows('DELETE FROM sandbox.wac_users WHERE id = $1', id)
    })
  }

  private async rootDomain(): Promise<string> {
    const sql = `SELECT domain FROM sandbox.wac_domains WHERE document ->> 'parent' IS NULL ORDER BY id LIMIT 1`
    const [root] = await this.database.rows<{ readonly domain: string }>(sql)
    return root?.domain ?? ''
  }
}

/** A lock that also keeps new SIP mappings away from a user that is about to go. */
async function locked(queries: Queries, id: string): Promise<WacUser> {
  const sql = 'SELECT id, document FROM sandbox.wac_users WHERE id = $1 FOR UPDATE'
  const [user] = (await queries.rows<Row>(sql, id)).map(userOf)
  if (user === undefined) throw unknownUser()
  return user
}

function userOf({ id, document }: Row): WacUser {
  return { ...document, id }
}
