import type { Queries } from './queries.ts'

/**
 * The statements of a transaction. Rows that it's given wait for more of their kind, and are inserted by one statement: a
 * statement of its own costs a row of `kitter.users` three times as much. Whatever is asked next finds them there.
 */
export class TransactionQueries implements Queries {
  private readonly ask: Queries['rows']
  private readonly waiting = new Map<string, (readonly unknown[])[]>()

  constructor(ask: Queries['rows']) {
    this.ask = ask
  }

  async rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    await this.insertWaiting()
    return this.ask<Row>(sql, ...parameters)
  }

  /** The statement inserts any number of rows: its parameters are arrays, one for each column. What it refuses is refused later. */
  insert(sql: string, row: readonly unknown[]): void {
    const rows = this.waiting.get(sql)
    if (rows === undefined) this.waiting.set(sql, [row])
    else rows.push(row)
  }

  /** In the order in which their kinds were first given. */
  async insertWaiting(): Promise<void> {
    for (const [sql, rows] of this.waiting) {
      this.waiting.delete(sql)
      await this.ask(sql, ...columnsOf(rows))
    }
  }
}

function columnsOf(rows: readonly (readonly unknown[])[]): readonly unknown[] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]))
}
