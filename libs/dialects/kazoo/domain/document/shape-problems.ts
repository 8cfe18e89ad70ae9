import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'
import { tooDeep, tooMany, unfit } from '../problems/found-problems.ts'
import type { FoundProblem } from '../problems/problem.ts'

/** Less than kitter keeps. Metaflows branch two levels at a time, and nobody can follow thirty of them. */
export const deepest = 60

/** Documents have hundreds of values. Checking a hundred thousand would keep everybody else waiting. */
const most = 10_000

interface Place {
  readonly path: readonly string[]
  readonly value: unknown
}

/**
 * What no document may have, whatever its fields: nesting that would exhaust those who read it by recursion, and values that
 * Postgres can't keep. It looks level by level, so that it's not exhausted itself.
 */
export function shapeProblems(document: JsonObject): readonly FoundProblem[] {
  let found: readonly FoundProblem[] = []
  let count = Object.keys(document).length
  let level = count > most ? [] : within([], document)
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepest) return [...found, ...tooDeepAt(level)]
    const wrong = level.filter(({ path, value }) => !isKeepable(path.at(-1)) || !isKeepable(value))
    found = [...found, ...wrong.map(unkeepable)]
    count += level.reduce((sum, { value }) => sum + sizeOf(value), 0)
    level = count > most ? [] : level.flatMap(({ path, value }) => within(path, value))
  }
  return count > most ? [tooMany(['data'], most)] : found
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length
  return isPlainObject(value) ? Object.keys(value).length : 0
}

function within(path: readonly string[], value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value)
  return entries.map(([key, below]) => ({ path: [...path, key], value: below }))
}

function tooDeepAt(places: readonly Place[]): readonly FoundProblem[] {
  const names = new Set(places.map(({ path: [first = ''] }) => first))
  return [...names].map((name) => tooDeep([name], deepest))
}

/** JSON has larger numbers than there are, too: `1e999` is read as infinite. */
function isKeepable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))
}

function unkeepable({ path }: Place): FoundProblem {
  const message = 'Value must be a finite number, or well-formed text without U+0000'
  return unfit(
    path.map((name) => name.toWellFormed().replaceAll('\0', '\ufffd')),
    message,
  )
}
