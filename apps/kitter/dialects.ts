import type { Type } from '@nestjs/common'
import { kazoo } from '#dialects/kazoo'
import { migrations } from '#infrastructure/postgres'

interface KnownDialect {
  readonly module: Type
  /** Of its own tables, in the order in which they run. */
  readonly migrations: typeof migrations
  /** Settings of its own that are on or off, by their variables, and what tells its module which. */
  readonly switches: Readonly<Record<string, new (on: boolean) => object>>
}

/** The dialects that this kitter can speak, by the names that `DIALECTS` has for them. */
export const knownDialects = { kazoo } satisfies Readonly<Record<string, KnownDialect>>

type DialectName = keyof typeof knownDialects

export function dialectsOf(names: readonly DialectName[]): readonly KnownDialect[] {
  return names.map((name) => knownDialects[name])
}

/** Of all tables: kitter's own first, then those of these dialects. */
export function migrationsOf(dialects: readonly KnownDialect[]): typeof migrations {
  return [...migrations, ...dialects.flatMap((dialect) => dialect.migrations)]
}

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(knownDialects, name)
}

/** The variables of all dialects, also of those that are off, and whose they are. */
export function switchOwners(): readonly (readonly [variable: string, dialect: string])[] {
  const known: readonly (readonly [string, KnownDialect])[] = Object.entries(knownDialects)
  return known.flatMap(([dialect, { switches }]) => Object.keys(switches).map((name) => [name, dialect] as const))
}

/** What the operator's settings mean to the dialects. */
export function switchedBy(settings: Readonly<Record<string, boolean>>): readonly object[] {
  const switches = allDialects().flatMap((dialect) => Object.entries(dialect.switches))
  return switches.map(([name, Switch]) => new Switch(settings[name] ?? false))
}

/** Also those that are off. */
export function allDialects(): readonly KnownDialect[] {
  return Object.values(knownDialects)
}
