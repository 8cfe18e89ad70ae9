import { createHash } from 'node:crypto'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { SandboxDatabase } from '../database/sandbox-database.ts'

/**
 * What oidc-provider keeps of one of its models. Only what belongs to a session is kept, under a digest of its id, for
 * the id of a refresh token is the token; nothing else is used here (no cookies, codes or registered clients).
 */
export class OidcStorage implements Adapter {
  private readonly model: string
  private readonly database: SandboxDatabase

  constructor(model: string, database: SandboxDatabase) {
    this.model = model
    this.database = database
  }

  /** Of a session that was ended meanwhile nothing is kept. */
  async upsert(id: string, { jti: _, ...payload }: AdapterPayload, expiresIn = 0): Promise<void> {
    const sessionId = this.model === 'Grant' ? id : payload.grantId
    const sql = `
      INSERT INTO sandbox.oidc_entries (model, key, session_id, payload, expires_at)
      SELECT $1, $2, id, $4, now() + make_interval(secs => $5) FROM sandbox.sessions WHERE id = $3 FOR KEY SHARE
      ON CONFLICT (model, key) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`
    await this.database.rows(sql, this.model, keyOf(id), sessionId, JSON.stringify(payload), expiresIn)
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const sql = `
      SELECT payload FROM sandbox.oidc_entries AS entry JOIN sandbox.sessions AS session ON session.id = entry.session_id
      WHERE model = $1 AND key = $2 AND entry.expires_at > now() AND session.expires_at > now()`
    const [row] = await this.database.rows<{ readonly payload: AdapterPayload }>(sql, this.model, keyOf(id))
    return row === undefined ? undefined : { ...row.payload, jti: id }
  }

  async consume(id: string): Promise<void> {
    const sql = `
      UPDATE sandbox.oidc_entries SET payload = payload || jsonb_build_object('consumed', extract(epoch FROM now())::integer)
      WHERE model = $1 AND key = $2`
    await this.database.rows(sql, this.model, keyOf(id))
  }

  async destroy(id: string): Promise<void> {
    await this.database.rows('DELETE FROM sandbox.oidc_entries WHERE model = $1 AND key = $2', this.model, keyOf(id))
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.database.rows(
      'DELETE FROM sandbox.oidc_entries WHERE model = $1 AND session_id = $2',
      this.model,
      grantId,
    )
  }

  findByUid(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined)
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}
