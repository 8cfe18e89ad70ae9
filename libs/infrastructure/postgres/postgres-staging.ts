import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import { type Missing, Staging, type Suspect } from '#core/reconciliation'
import { type Account, isUserId, type KnownCommunicationsUser } from '#core/users'
import { ComparisonSlice } from './comparison-slice.ts'
import { countMissing } from './count-missing.ts'
import { Database } from './database.ts'
import { deleteGradually } from './delete-gradually.ts'
import { forgetStaged } from './forget-staged.ts'
import { StagedComparison } from './staged-comparison.ts'
import {
  accountOfStaged,
  comparableAccount,
  comparableCommunicationsUser,
  digestOf,
  linkedUser,
} from './staged-content.ts'
import { stagingTables } from './staging-tables.ts'
import { storableJson } from './storable.ts'

const atOnce = 500

interface SuspectRow {
  readonly number: number
  readonly user_id: string | null
  readonly communications_id: string | null
}

@Injectable()
export class PostgresStaging extends Staging {
  constructor(
    private readonly database: Database,
    private readonly slice: ComparisonSlice,
  ) {
    super()
  }

  override async clear(reconciliation: string, what: 'accounts' | 'communications_users'): Promise<void> {
    await deleteGradually(this.database, stagingTables[what], 'reconciliation = $1', reconciliation)
  }

  override async addAccounts(reconciliation: string, accounts: readonly Account[]): Promise<void> {
    const sql = `
      INSERT INTO kitter.staged_accounts (reconciliation, is_user_id, id, digest)
      SELECT $1, is_user_id, id, ${digestOf(accountOfStaged)}
      FROM jsonb_to_recordset($2::jsonb) AS added (is_user_id boolean, id text, content jsonb)
      ON CONFLICT (reconciliation, is_user_id, id) DO UPDATE SET digest = excluded.digest`
    const added = accounts.map((account) => ({
      is_user_id: isUserId(account.id),
      id: account.id,
      content: comparableAccount(account),
    }))
    await this.add(sql, reconciliation, added)
  }

  override async addCommunicationsUsers(
    reconciliation: string,
    users: readonly KnownCommunicationsUser[],
  ): Promise<void> {
    const sql = `
      INSERT INTO kitter.staged_communications_users (reconciliation, id, user_id, digest)
      SELECT $1, id, user_id, ${digestOf('content')}
      FROM jsonb_to_recordset($2::jsonb) AS added (id text, user_id text, content jsonb)
      ON CONFLICT (reconciliation, id) DO UPDATE SET user_id = excluded.user_id, digest = excluded.digest`
    const added = users.map(({ id, user }) => ({
      id,
      user_id: linkedUser(user),
      content: comparableCommunicationsUser(user),
    }))
    await this.add(sql, reconciliation, added)
  }

  override missing(reconciliation: string, domain: DomainName | undefined): Promise<Missing> {
    return countMissing(this.database, reconciliation, domain, this.slice.size)
  }

  override compare(reconciliation: string, domain: DomainName | undefined): Promise<number> {
    return this.database.transaction((queries) =>
      new StagedComparison(queries, reconciliation, domain, this.slice.size).run(),
    )
  }

  override async suspects(
    reconciliation: string,
    round: number,
    after: number,
    most: number,
  ): Promise<readonly Suspect[]> {
    const rows = await this.database.rows<SuspectRow>(
      `SELECT number::float8 AS number, user_id, communications_id FROM kitter.suspects
      WHERE reconciliation = $1 AND number > $3 AND round <= $2 ORDER BY suspects.number LIMIT $4`,
      reconciliation,
      round,
      after,
      most,
    )
    return rows.map(suspectOf)
  }

  override async clearSuspect(reconciliation: string, suspect: number): Promise<void> {
    const sql = 'DELETE FROM kitter.suspects WHERE reconciliation = $1 AND number = $2'
    await this.database.rows(sql, reconciliation, suspect)
  }

  override async deferSuspect(reconciliation: string, suspect: number): Promise<void> {
    const sql = 'UPDATE kitter.suspects SET round = round + 1 WHERE reconciliation = $1 AND number = $2'
    await this.database.rows(sql, reconciliation, suspect)
  }

  override async beginRounds(reconciliation: string): Promise<void> {
    await this.database.rows(
      'UPDATE kitter.suspects SET round = 0 WHERE reconciliation = $1 AND round > 0',
      reconciliation,
    )
  }

  override async forget(reconciliation: string): Promise<void> {
    await forgetStaged(this.database, 'reconciliation = $1', reconciliation)
  }

  /** What is given twice counts as it was given last; one statement takes it only once. */
  private async add(sql: string, reconciliation: string, added: readonly { readonly id: string }[]): Promise<void> {
    const once = [...new Map(added.map((each) => [each.id, each])).values()]
    for (let start = 0; start < once.length; start += atOnce) {
      await this.database.rows(sql, reconciliation, storableJson(once.slice(start, start + atOnce)))
    }
  }
}

function suspectOf({ number, user_id: userId, communications_id: communicationsId }: SuspectRow): Suspect {
  return { number, userId: userId ?? undefined, communicationsId: communicationsId ?? undefined }
}
