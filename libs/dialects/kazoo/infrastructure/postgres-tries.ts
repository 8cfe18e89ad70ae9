import { Injectable } from '@nestjs/common'
import { Database } from '#infrastructure/postgres'
import { Tries, type TriesLimit } from '../application/tries.ts'

interface TriedRow {
  readonly who: string
  readonly tries: number
  readonly pause: number
}

/** Counting begins anew after so long. */
const span = "interval '10 minutes'"

@Injectable()
export class PostgresTries extends Tries {
  constructor(private readonly database: Database) {
    super()
  }

  /** In the order of names, here and below: two who count the same never wait for each other. */
  override async begin(limits: readonly TriesLimit[]): Promise<number | undefined> {
    await this.forgetOld()
    const rows = await this.database.rows<TriedRow>(
      `INSERT INTO kitter.kazoo_tries AS tried (who, since, tries)
      SELECT who, now(), 1 FROM unnest($1::text[]) AS who ORDER BY who
      ON CONFLICT (who) DO UPDATE SET
        tries = CASE WHEN tried.since < now() - ${span} THEN 1 ELSE tried.tries + 1 END,
        since = CASE WHEN tried.since < now() - ${span} THEN now() ELSE tried.since END
      RETURNING who, tries, ceil(extract(epoch FROM since + ${span} - now()))::int AS pause`,
      limits.map(({ who }) => who),
    )
    const tooMany = rows.filter(({ who, tries }) => limits.some((limit) => limit.who === who && tries > limit.most))
    if (tooMany.length === 0) return undefined
    // it won't be made: nobody locks out the users of an account from one address
    await this.takeBack(limits.filter(({ who }) => tooMany.every((tried) => tried.who !== who)))
    return Math.max(1, ...tooMany.map(({ pause }) => pause))
  }

  override async takeBack(limits: readonly TriesLimit[]): Promise<void> {
    const sql = `
      WITH locked AS (SELECT who FROM kitter.kazoo_tries WHERE who = ANY ($1) ORDER BY who FOR UPDATE)
      UPDATE kitter.kazoo_tries AS tried SET tries = greatest(tries - 1, 0) FROM locked WHERE tried.who = locked.who`
    await this.database.rows(
      sql,
      limits.map(({ who }) => who),
    )
  }

  /** What somebody else counts at this moment is forgotten another time. */
  private async forgetOld(): Promise<void> {
    const old = `SELECT who FROM kitter.kazoo_tries WHERE since < now() - 2 * ${span} FOR UPDATE SKIP LOCKED`
    await this.database.rows(`DELETE FROM kitter.kazoo_tries WHERE who IN (${old})`)
  }
}
