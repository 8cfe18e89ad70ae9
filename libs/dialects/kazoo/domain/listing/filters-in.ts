import { jsonIn } from '#kernel'
import { canBeKept } from '../document/can-be-kept.ts'
import { deepest } from '../document/shape-problems.ts'
import { tooManyFilters } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'
import type { DocumentFilter } from './document-filter.ts'

type Parameter = readonly [name: string, value: string]

const onKeys = {
  has_key: 'has_key',
  key_missing: 'key_missing',
  has_value: 'has_value',
  missing_value: 'missing_value',
} as const

const most = 50

/** The filters among the parameters of a query. A parameter that comes twice is two filters; all must be met. */
export function filtersIn(parameters: readonly Parameter[]): readonly DocumentFilter[] {
  const filters = parameters.flatMap(filterOf)
  if (filters.length > most) throw new InvalidDocument([tooManyFilters(most)])
  return filters
}

function filterOf([name, value]: Parameter): readonly DocumentFilter[] {
  if (name.startsWith('filter_not_')) return onValue('is_not', name.slice('filter_not_'.length), value)
  if (name.startsWith('filter_')) return onValue('is', name.slice('filter_'.length), value)
  if (!isKeyFilter(name) || value === '') return []
  const path = pathIn(value)
  return path === undefined ? unmet(name) : [{ kind: onKeys[name], path }]
}

function onValue(kind: 'is' | 'is_not', key: string, value: string): readonly DocumentFilter[] {
  if (key === '') return []
  const values = valuesIn(value).filter(canBeKept)
  const path = pathIn(key)
  if (path === undefined || (kind === 'is' && values.length === 0)) return unmet(kind)
  return [{ kind, path, values }]
}

/** Nothing where no document goes so deep, or has such a name. */
function pathIn(text: string): readonly string[] | undefined {
  const path = text.split('.', deepest + 1)
  return canBeKept(text) && path.length <= deepest ? path : undefined
}

/** A list in JSON means any of its items. */
function valuesIn(text: string): readonly string[] {
  const list = text.startsWith('[') ? jsonIn(text) : undefined
  if (!Array.isArray(list)) return [text]
  return list.filter(canBeKept).map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
}

/** No document has a name or text that Postgres can't keep: what asks for one meets nothing, what excludes it everything. */
function unmet(kind: Exclude<DocumentFilter['kind'], 'nothing'>): readonly DocumentFilter[] {
  return kind === 'is' || kind === 'has_key' || kind === 'has_value' ? [{ kind: 'nothing' }] : []
}

function isKeyFilter(name: string): name is keyof typeof onKeys {
  return Object.hasOwn(onKeys, name)
}
