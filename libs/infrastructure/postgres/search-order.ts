import type { Position, Sort, SortKey } from '#core/search'
import type { Conditions } from './conditions.ts'
import { searchedLine } from './searched-line.ts'

interface SortedBy {
  readonly sql: string
  readonly type: 'text' | 'timestamptz'
}

const sortedBy: Readonly<Record<SortKey, SortedBy>> = {
  username: { sql: 'username', type: 'text' },
  // as the index has it: cut, for folded names may be longer than a row of an index
  last_name: {
    sql: `left(${searchedLine('last_name')} || E'\\n' || ${searchedLine('first_name')}, 200)`,
    type: 'text',
  },
  created_at: { sql: 'created_at', type: 'timestamptz' },
}

/** By the key, then the id, from behind a position on. What is absent is empty. */
export class SearchOrder {
  private readonly sorted: SortedBy
  private readonly direction: 'ASC' | 'DESC'

  constructor(
    { key, descending }: Sort,
    private readonly behind: Position | undefined,
  ) {
    this.sorted = sortedBy[key]
    this.direction = descending ? 'DESC' : 'ASC'
  }

  /** What is sorted by. */
  get key(): string {
    return this.sorted.sql
  }

  by(key: string, id: string): string {
    return `ORDER BY ${key} ${this.direction}, ${id} ${this.direction}`
  }

  from(conditions: Conditions, key: string, id: string): Conditions {
    const { behind, sorted, direction } = this
    if (behind === undefined) return conditions
    const sign = direction === 'ASC' ? '>' : '<'
    return conditions.and(
      (value) => `(${key}, ${id}) ${sign} (${value(behind.key)}::${sorted.type}, ${value(behind.id)}::uuid)`,
    )
  }

  /** The key as text that reads back as the same. */
  positionOf(key: string): string {
    return this.sorted.type === 'text' ? key : `to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  }
}
