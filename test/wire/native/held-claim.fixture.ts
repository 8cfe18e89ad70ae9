import { randomUUID } from 'node:crypto'
import type { DatabaseLook } from './database-look.fixture.ts'

/** As if an operation were under way that claims this, until it's let go. */
export class HeldClaim implements AsyncDisposable {
  private constructor(
    private readonly look: DatabaseLook,
    private readonly id: string,
  ) {}

  static async of(look: DatabaseLook, key: string): Promise<HeldClaim> {
    const id = randomUUID()
    await look.rows(
      `WITH operation AS (
        INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until)
        VALUES ($1, 'test.hold', 'nothing', 'nobody', 'open', now() + interval '1 hour') RETURNING id)
      INSERT INTO kitter.operation_claims (operation, key, shared) SELECT id, $2, false FROM operation`,
      id,
      key,
    )
    return new HeldClaim(look, id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.look.rows('DELETE FROM kitter.operations WHERE id = $1', this.id)
  }
}
