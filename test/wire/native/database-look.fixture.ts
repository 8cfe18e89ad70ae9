import pg from 'pg'
import type { TestKitter } from '../../support/test-kitter.ts'
import type { Account, KeycloakLook } from './keycloak-look.fixture.ts'
import { RealKeycloakLook } from './real-keycloak-look.fixture.ts'
import { SandboxKeycloakLook } from './sandbox-keycloak-look.fixture.ts'

type Document = Readonly<Record<string, unknown>>

/** A look behind the API, and drift to order: kitter's own rows, wac-core's in the schema `sandbox`, and into Keycloak. */
export class DatabaseLook implements AsyncDisposable {
  readonly keycloak: KeycloakLook
  private readonly client: pg.Client

  private constructor(client: pg.Client, real: TestKitter['real']) {
    this.client = client
    this.keycloak = real === undefined ? new SandboxKeycloakLook(this) : new RealKeycloakLook(real)
  }

  static async into({ databaseUrl, real }: Pick<TestKitter, 'databaseUrl' | 'real'>): Promise<DatabaseLook> {
    const client = new pg.Client({ connectionString: databaseUrl })
    // the database may be dropped while it looks
    client.on('error', () => undefined)
    await client.connect()
    return new DatabaseLook(client, real)
  }

  async rows(sql: string, ...parameters: readonly unknown[]): Promise<Document[]> {
    return (await this.client.query<Document>(sql, [...parameters])).rows
  }

  /** How many rows there are. */
  async count(table: string, where = 'true', ...parameters: readonly unknown[]): Promise<number> {
    const [row] = await this.rows(`SELECT count(*)::int AS count FROM ${table} WHERE ${where}`, ...parameters)
    return Number(row?.['count'])
  }

  /** The user as wac-core keeps it. */
  userAtWacCore(userId: string): Promise<Document | undefined> {
    return this.document("SELECT document FROM sandbox.wac_users WHERE document ->> 'externalId' = $1", userId)
  }

  /** The domain as wac-core keeps it. */
  domainAtWacCore(id: string): Promise<Document | undefined> {
    return this.document('SELECT document FROM sandbox.wac_domains WHERE id = $1', id)
  }

  /** The account as Keycloak keeps it. */
  accountAtKeycloak(userId: string): Promise<Account | undefined> {
    return this.keycloak.account(userId)
  }

  /** How often there is a user of this name in each place. */
  async usersNamed(username: string): Promise<{ kitter: number; keycloak: number; wacCore: number }> {
    return {
      kitter: await this.count('kitter.users', 'username = $1', username),
      keycloak: await this.keycloak.accountsNamed(username),
      wacCore: await this.count('sandbox.wac_users', 'username = $1', username),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end()
  }

  private async document(sql: string, id: string): Promise<Document | undefined> {
    const { rows } = await this.client.query<{ document: Document }>(sql, [id])
    return rows[0]?.document
  }
}
