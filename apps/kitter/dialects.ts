import type { Type } from '@nestjs/common'
import { kazoo } from '#dialects/kazoo'
import type { migrations } from '#infrastructure/postgres'

export interface KnownDialect {
  readonly module: Type
  /** Of its own tables, in the order in which they run. */
  readonly migrations: typeof migrations
  /** Settings of its own that are on or off, by their variables, and what tells its module which. */
  readonly switches: Readonly<Record<string, new (on: boolean) => object>>
}

/** The dialects that this kitter can speak, by the names that `DIALECTS` has for them. */
export const knownDialects = { kazoo } satisfies Readonly<Record<string, KnownDialect>>

export type DialectName = keyof typeof knownDialects

export function dialectsOf(names: readonly DialectName[]): readonly KnownDialect[] {
  return names.map((name) => knownDialects[name])
}

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(knownDialects, name)
}

/** The variables of all dialects, also of those that are off. */
export function switchNames(): readonly string[] {
  return allDialects().flatMap(({ switches }) => Object.keys(switches))
}

/** What the operator's settings mean to the dialects. */
export function switchedBy(settings: Readonly<Record<string, boolean>>): readonly object[] {
  const switches = allDialects().flatMap((dialect) => Object.entries(dialect.switches))
  return switches.map(([name, Switch]) => new Switch(settings[name] ?? false))
}

function allDialects(): readonly KnownDialect[] {
  return Object.values(knownDialects)
}
