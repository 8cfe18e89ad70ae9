import type { Type } from '@nestjs/common'
import { KazooModule, kazooMigrations } from '#dialects/kazoo'
import type { migrations } from '#infrastructure/postgres'

export interface KnownDialect {
  readonly module: Type
  /** Of its own tables, in the order in which they run. */
  readonly migrations: typeof migrations
}

/** The dialects that this kitter can speak, by the names that `DIALECTS` has for them. */
export const knownDialects = {
  kazoo: { module: KazooModule, migrations: kazooMigrations },
} satisfies Readonly<Record<string, KnownDialect>>

export type DialectName = keyof typeof knownDialects

export function dialectsOf(names: readonly DialectName[]): readonly KnownDialect[] {
  return names.map((name) => knownDialects[name])
}

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(knownDialects, name)
}
