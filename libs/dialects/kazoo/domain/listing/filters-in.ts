import { jsonIn } from '#kernel'
import type { DocumentFilter } from './document-filter.ts'

type Parameter = readonly [name: string, value: string]

const onKeys = {
  has_key: 'has_key',
  key_missing: 'key_missing',
  has_value: 'has_value',
  missing_value: 'missing_value',
} as const

/** The filters among the parameters of a query. A parameter that comes twice is two filters; all must be met. */
export function filtersIn(parameters: readonly Parameter[]): readonly DocumentFilter[] {
  return parameters.flatMap(filterOf)
}

function filterOf([name, value]: Parameter): readonly DocumentFilter[] {
  if (name.startsWith('filter_not_')) return onValue('is_not', name.slice('filter_not_'.length), value)
  if (name.startsWith('filter_')) return onValue('is', name.slice('filter_'.length), value)
  if (!isKeyFilter(name) || value === '') return []
  return isStorable(value) ? [{ kind: onKeys[name], path: value.split('.') }] : unmet(name)
}

function onValue(kind: 'is' | 'is_not', key: string, value: string): readonly DocumentFilter[] {
  if (key === '') return []
  const values = valuesIn(value).filter(isStorable)
  if (!isStorable(key) || (kind === 'is' && values.length === 0)) return unmet(kind)
  return [{ kind, path: key.split('.'), values }]
}

/** A list in JSON means any of its items. */
function valuesIn(text: string): readonly string[] {
  const list = text.startsWith('[') ? jsonIn(text) : undefined
  return Array.isArray(list) ? list.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))) : [text]
}

/** No document has a name or text that Postgres can't keep: what asks for one meets nothing, what excludes it everything. */
function unmet(kind: Exclude<DocumentFilter['kind'], 'nothing'>): readonly DocumentFilter[] {
  return kind === 'is' || kind === 'has_key' || kind === 'has_value' ? [{ kind: 'nothing' }] : []
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function isKeyFilter(name: string): name is keyof typeof onKeys {
  return Object.hasOwn(onKeys, name)
}
