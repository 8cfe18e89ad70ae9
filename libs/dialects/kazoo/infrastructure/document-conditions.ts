import { jsonIn } from '#kernel'
import { type Conditions, surely } from '#infrastructure/postgres'
import { emailKey } from '#core/users'
import { canBeKept } from '../domain/document/can-be-kept.ts'
import { defaultExtension } from '../domain/document/user-document.ts'
import { valueAt } from '../domain/document/value-at.ts'
import { uuidOf } from '../domain/ids/kazoo-id.ts'
import type { DocumentFilter } from '../domain/listing/document-filter.ts'
import { isOwnColumn, namesCut, ownColumns } from './own-columns.ts'

type Asked<Kind extends DocumentFilter['kind']> = Extract<DocumentFilter, { readonly kind: Kind }>

/** Only so many values are looked up in the index of documents. */
const mostLookedUp = 20

/** A filter as a condition on `users` and `document`, the whole document being what its keys say. */
export function documentCondition(conditions: Conditions, filter: DocumentFilter): Conditions {
  switch (filter.kind) {
    case 'is':
      return equal(conditions, filter)
    case 'is_not':
      return withText(conditions, filter, (text, value) => `(${text} <> ALL (${value(filter.values)})) IS NOT FALSE`)
    case 'has_key':
      return withJson(conditions, filter, (json) => `${json} IS NOT NULL`)
    case 'key_missing':
      return withJson(conditions, filter, (json) => surely(`${json} IS NULL`))
    case 'has_value':
      return withJson(conditions, filter, hasValue)
    case 'missing_value':
      return withJson(conditions, filter, (json) => surely(`NOT ${hasValue(json)}`))
    case 'nothing':
      return conditions.and(() => 'false')
  }
}

function hasValue(json: string): string {
  return `coalesce(${json}, 'null') NOT IN ('null', '""', '{}', '[]')`
}

type Value = (parameter: unknown) => string
type Path = readonly string[]

function withText(
  conditions: Conditions,
  { path }: { readonly path: Path },
  clause: (text: string, value: Value) => string,
) {
  return conditions.and((value) => clause(textAt(path, value), value))
}

function withJson(conditions: Conditions, { path }: { readonly path: Path }, clause: (json: string) => string) {
  return conditions.and((value) => clause(jsonAt(path, value)))
}

function textAt(path: Path, value: Value): string {
  const [first = '', ...rest] = path
  if (!isOwnColumn(first)) return `(${documentIn(value)} #>> ${value(path)}::text[])`
  return rest.length > 0 ? 'NULL::text' : ownColumns[first]
}

function jsonAt(path: Path, value: Value): string {
  const [first = ''] = path
  return isOwnColumn(first) ? `to_jsonb(${textAt(path, value)})` : `(${documentIn(value)} #> ${value(path)}::text[])`
}

/** Of a user whom the dialect hasn't seen the defaults count. */
function documentIn(value: Value): string {
  return `coalesce(document, ${value(JSON.stringify(defaultExtension))}::jsonb)`
}

/** The condition itself, and what of it an index can answer. */
function equal(conditions: Conditions, filter: Asked<'is'>): Conditions {
  const { path, values } = filter
  const [first = '', ...rest] = path
  const isUsual = !isOwnColumn(first) && mayBeAmong(values, valueAt(defaultExtension, path))
  const exact = withText(conditions, filter, (text, value) => {
    const condition = `${text} = ANY (${value(values)})`
    return isUsual ? surely(condition) : condition
  })
  if (rest.length === 0 && isOwnColumn(first)) return lookedUp(exact, first, values)
  const isElsewhere = isOwnColumn(first) || isUsual || values.length > mostLookedUp || rest.some(mayBeItem)
  return isElsewhere ? exact : contained(exact, path, values)
}

/** Whether Postgres takes it for the place of an item where there is a list. */
function mayBeItem(key: string): boolean {
  return /^\s*[+-]?\d+$/.test(key)
}

function lookedUp(conditions: Conditions, column: string, values: readonly string[]): Conditions {
  switch (column) {
    case 'id':
      return conditions.and((value) => `users.id = ANY (${value(values.flatMap((id) => uuidOf(id) ?? []))}::uuid[])`)
    case 'username':
      return conditions.and((value) => `username = ANY (${value(values)})`)
    case 'email':
      return conditions.and((value) => `email_key = ANY (${value(values.map(emailKey))})`)
    case 'first_name':
    case 'last_name':
      return conditions.and((value) => `left(${column}, ${namesCut}) = ANY (${value(values.map(cut))})`)
    default:
      return conditions
  }
}

/** Postgres writes objects in a way of its own. */
function mayBeAmong(values: readonly string[], usual: unknown): boolean {
  return typeof usual === 'object' || values.includes(typeof usual === 'string' ? usual : JSON.stringify(usual))
}

/** In characters, as Postgres counts them. */
function cut(text: string): string {
  return Array.from(text).slice(0, namesCut).join('')
}

/** A document with the value at the path contains one that has nothing else. Those that aren't there have the usual value. */
function contained(conditions: Conditions, path: Path, values: readonly string[]): Conditions {
  const parts = values.flatMap(literalsOf).map((literal) => nested(path, literal))
  return conditions.and((value) => `(${parts.map((part) => `document @> ${value(part)}::jsonb`).join(' OR ')})`)
}

/** The JSON values whose text this is. What no document can have, Postgres needn't be able to read. */
function literalsOf(text: string): readonly string[] {
  const value = jsonIn(text)
  const isLiteral = value !== undefined && value !== null && typeof value !== 'string' && canBeKept(value)
  return [JSON.stringify(text), ...(isLiteral ? [JSON.stringify(value)] : [])]
}

function nested(path: Path, literal: string): string {
  return path.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, literal)
}
