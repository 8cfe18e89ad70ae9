import { Injectable } from '@nestjs/common'
import { sipMappingTaken, unknownUser } from '#core/users'
import { ownerIdOf, ownerUriOf, type WacSipMapping } from '#infrastructure/wac-core'
import { refusing } from '../database/refusing.ts'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { newWacId } from './wac-id.ts'

interface Row {
  readonly id: string
  readonly ownerId: string
  readonly username: string
}

const refusals = { wac_sip_mappings_username_key: sipMappingTaken, wac_sip_mappings_owner_fkey: unknownUser }

/** The SIP mappings of wac-core's stand-in, and the pool that says which SIP usernames are assigned. */
@Injectable()
export class WacSipMappingsStore {
  constructor(private readonly database: SandboxDatabase) {}

  async list(ownerUri?: string): Promise<readonly WacSipMapping[]> {
    const sql = `
      SELECT id, owner_id AS "ownerId", username FROM sandbox.wac_sip_mappings
      WHERE $1::text IS NULL OR owner_id = $1 ORDER BY id`
    return (await this.database.rows<Row>(sql, ownerUri === undefined ? undefined : ownerIdOf(ownerUri))).map(mappingOf)
  }

  async add(ownerUri: string, username: string): Promise<WacSipMapping> {
    const row = { id: newWacId(), ownerId: ownerIdOf(ownerUri), username }
    const sql = `
      WITH mapping AS (INSERT INTO sandbox.wac_sip_mappings (id, owner_id, username) VALUES ($1, $2, $3) RETURNING username)
      INSERT INTO sandbox.wac_sip_pool (username, status) SELECT username, 'assigned' FROM mapping
      ON CONFLICT (username) DO UPDATE SET status = excluded.status`
    await refusing(refusals, this.database.rows(sql, row.id, row.ownerId, row.username))
    return mappingOf(row)
  }

  /** The same mapping with another owner or SIP username; nothing where there is none. */
  async change(id: string, ownerUri: string, username: string): Promise<WacSipMapping | undefined> {
    const row = { id, ownerId: ownerIdOf(ownerUri), username }
    const sql = `
      WITH before AS (SELECT id, username FROM sandbox.wac_sip_mappings WHERE id = $1 FOR UPDATE),
      after AS (
        UPDATE sandbox.wac_sip_mappings mapping SET owner_id = $2, username = $3 FROM before
        WHERE mapping.id = before.id RETURNING mapping.username, before.username AS former
      ),
      freed AS (
        UPDATE sandbox.wac_sip_pool SET status = 'available'
        WHERE username IN (SELECT former FROM after WHERE former <> after.username)
      )
      INSERT INTO sandbox.wac_sip_pool (username, status) SELECT username, 'assigned' FROM after
      ON CONFLICT (username) DO UPDATE SET status = excluded.status RETURNING username`
    const rows = await refusing(refusals, this.database.rows(sql, row.id, row.ownerId, row.username))
    return rows.length === 0 ? undefined : mappingOf(row)
  }

  /** Whether there was one. */
  async remove(id: string): Promise<boolean> {
    const sql = `
      WITH gone AS (DELETE FROM sandbox.wac_sip_mappings WHERE id = $1 RETURNING username)
      UPDATE sandbox.wac_sip_pool SET status = 'available' WHERE username IN (SELECT username FROM gone) RETURNING username`
    return (await this.database.rows(sql, id)).length > 0
  }

  /** The SIP usernames that nobody has any more. */
  async available(): Promise<readonly string[]> {
    const sql = `SELECT username FROM sandbox.wac_sip_pool WHERE status = 'available' ORDER BY username`
    return (await this.database.rows<{ readonly username: string }>(sql)).map(({ username }) => username)
  }
}

function mappingOf({ id, ownerId, username }: Row): WacSipMapping {
  return { id, ownerUri: ownerUriOf(ownerId), credential: { username, password: '' } }
}
