import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'

const secretBytes = 32

/** Bytes that only kitter knows, the same for all replicas: whoever needs them first makes them. */
export class StoredSecret {
  private reading: Promise<Buffer> | undefined

  constructor(
    private readonly database: Database,
    private readonly name: string,
  ) {}

  read(): Promise<Buffer> {
    this.reading ??= this.readAnew().catch((error: unknown) => {
      this.reading = undefined
      throw error
    })
    return this.reading
  }

  private async readAnew(): Promise<Buffer> {
    const secret = (await this.find()) ?? (await this.make())
    if (secret === undefined) throw new Error(`the secret ${this.name} is gone`)
    return secret
  }

  private async find(): Promise<Buffer | undefined> {
    const sql = 'SELECT value FROM kitter.secrets WHERE name = $1'
    const [secret] = await this.database.rows<{ readonly value: Buffer }>(sql, this.name)
    return secret?.value
  }

  private async make(): Promise<Buffer | undefined> {
    const sql = 'INSERT INTO kitter.secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING'
    await this.database.rows(sql, this.name, randomBytes(secretBytes))
    return this.find()
  }
}
