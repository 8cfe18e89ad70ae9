import { Injectable } from '@nestjs/common'
import { Database, type Queries } from '#infrastructure/postgres'
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

  override async begin(limits: readonly TriesLimit[]): Promise<number | undefined> {
    if (limits.length === 0) return undefined
    await this.forgetOld()
    return this.database.transaction(async (queries) => {
      const tried = await this.counted(queries, limits)
      const tooMany = tried.filter(({ who, tries }) => limits.some((limit) => limit.who === who && tries > limit.most))
      if (tooMany.length === 0) return undefined
      await takeBack(queries, limits)
      return Math.max(1, ...tooMany.map(({ pause }) => pause))
    })
  }

  override takeBack(limits: readonly TriesLimit[]): Promise<void> {
    return takeBack(this.database, limits)
  }

  /** In the order of names, here and below: two who count the same never wait for each other. */
  private counted(queries: Queries, limits: readonly TriesLimit[]): Promise<TriedRow[]> {
    return queries.rows<TriedRow>(
      `INSERT INTO kitter.kazoo_tries AS tried (who, since, tries)
      SELECT who, now(), 1 FROM unnest($1::text[]) AS who ORDER BY who
      ON CONFLICT (who) DO UPDATE SET
        tries = CASE WHEN tried.since < now() - ${span} THEN 1 ELSE tried.tries + 1 END,
        since = CASE WHEN tried.since < now() - ${span} THEN now() ELSE tried.since END
      RETURNING who, tries, ceil(extract(epoch FROM since + ${span} - now()))::int AS pause`,
      limits.map(({ who }) => who),
    )
  }

  /** What somebody else counts at this moment is forgotten another time. */
  private async forgetOld(): Promise<void> {
    const old = `SELECT who FROM kitter.kazoo_tries WHERE since < now() - 2 * ${span} FOR UPDATE SKIP LOCKED`
    await this.database.rows(`DELETE FROM kitter.kazoo_tries WHERE who IN (${old})`)
  }
}

async function takeBack(queries: Queries, limits: readonly TriesLimit[]): Promise<void> {
  const sql = `
    WITH locked AS (SELECT who FROM kitter.kazoo_tries WHERE who = ANY ($1) ORDER BY who FOR UPDATE)
    UPDATE kitter.kazoo_tries AS tried SET tries = greatest(tries - 1, 0) FROM locked WHERE tried.who = locked.who`
  await queries.rows(
    sql,
    limits.map(({ who }) => who),
  )
}
