import { Injectable } from '@nestjs/common'
import { MarkKey } from '#core/search'
import { Database } from './database.ts'
import { StoredSecret } from './stored-secret.ts'

@Injectable()
export class PostgresMarkKey extends MarkKey {
  private readonly secret: StoredSecret

  constructor(database: Database) {
    super()
    this.secret = new StoredSecret(database, 'search')
  }

  override read(): Promise<Buffer> {
    return this.secret.read()
  }
}
