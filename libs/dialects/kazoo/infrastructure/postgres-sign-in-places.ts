import { Injectable } from '@nestjs/common'
import { type DomainName, parseDomainName } from '#core/domains'
import { Database } from '#infrastructure/postgres'
import { SignInPlaces } from '../application/sign-in-places.ts'

const isRecent = "seen_at > now() - interval '30 days'"
/** Each costs a hash. */
const mostWithNumber = 5

@Injectable()
export class PostgresSignInPlaces extends SignInPlaces {
  constructor(private readonly database: Database) {
    super()
  }

  override async isKnown(domain: DomainName, network: string): Promise<boolean> {
    const sql = `SELECT FROM kitter.kazoo_sign_in_places WHERE domain = $1 AND network = $2 AND ${isRecent}`
    return (await this.database.rows(sql, domain, network)).length > 0
  }

  /** Once a day is enough to know it for a month. Of a domain that is gone meanwhile nothing is known. */
  override async know(domain: DomainName, network: string): Promise<void> {
    const noted = await this.database.rows(
      `INSERT INTO kitter.kazoo_sign_in_places AS place (domain, network)
      SELECT name, $2 FROM kitter.domains WHERE name = $1 FOR KEY SHARE
      ON CONFLICT (domain, network) DO UPDATE SET seen_at = now() WHERE place.seen_at < now() - interval '1 day'
      RETURNING domain`,
      domain,
      network,
    )
    if (noted.length > 0) await this.database.rows(`DELETE FROM kitter.kazoo_sign_in_places WHERE NOT ${isRecent}`)
  }

  override async withNumber(phoneNumber: string, network: string): Promise<readonly DomainName[]> {
    const rows = await this.database.rows<{ readonly domain: string }>(
      `SELECT owner.domain FROM (
        SELECT domain, min(created_at) AS since FROM kitter.users WHERE phone_number = $1 GROUP BY domain
      ) AS owner
      LEFT JOIN kitter.kazoo_sign_in_places AS place ON place.domain = owner.domain AND network = $2 AND ${isRecent}
      ORDER BY place.domain IS NULL, since, owner.domain LIMIT ${mostWithNumber}`,
      phoneNumber,
      network,
    )
    return rows.map(({ domain }) => parseDomainName(domain))
  }
}
