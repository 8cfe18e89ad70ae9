import type { Change, Told } from './audit-entry.ts'

/** The fields in which the two differ, as they were and as they are. */
export function differences(before: Told, after: Told): Change {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const differing = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return { before: only(before, differing), after: only(after, differing) }
}

function only(told: Told, names: readonly string[]): Told {
  return Object.fromEntries(names.filter((name) => told[name] !== undefined).map((name) => [name, told[name]]))
}
