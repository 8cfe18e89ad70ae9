import { Injectable } from '@nestjs/common'
import { DomainMembers } from '#core/sessions'
import { Database } from './database.ts'

@Injectable()
export class PostgresDomainMembers extends DomainMembers {
  constructor(private readonly database: Database) {
    super()
  }

  override async among(domain: string, userIds: readonly string[]): Promise<readonly string[]> {
    const sql = 'SELECT id FROM kitter.users WHERE domain = $1 AND id::text = ANY ($2)'
    const rows = await this.database.rows<{ id: string }>(sql, domain, userIds)
    return rows.map(({ id }) => id)
  }
}
