import { dateOf } from '../ids/date-of.ts'
import type { JsonObject } from '../json-object.ts'
import { tooSmall, unfit, wrongType } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'
import type { DocumentFilter } from './document-filter.ts'
import { filtersIn } from './filters-in.ts'
import { cursorIn, type PageCursor } from './page-cursor.ts'

/** Both ends are included, in whole seconds. */
export interface TimeSpan {
  readonly from: Date | undefined
  readonly to: Date | undefined
}

/** What a list is asked for. */
export interface ListQuery {
  readonly filters: readonly DocumentFilter[]
  readonly created: TimeSpan
  readonly modified: TimeSpan
  /** Nothing means every row at once. */
  readonly page: { readonly size: number; readonly start: PageCursor | undefined } | undefined
  readonly isDescending: boolean
}

const usualSize = 50
const largestSize = 1000
const longestUsual = 100
const seconds = /^\d{1,12}$/
const count = /^\d{1,9}$/

/** Whether a list is wanted whole, not by page. */
export function isWhole({ paginate }: JsonObject): boolean {
  return textsIn(paginate).at(-1) === 'false'
}

/** Whether more rows are wanted at once than anybody looks at. */
export function isLong(query: JsonObject): boolean {
  return isWhole(query) || Number(textsIn(query['page_size']).at(-1)) > longestUsual
}

/** Reads a query. Parameters that it doesn't know are ignored, as clients rely on. */
export function listQuery(query: JsonObject): ListQuery {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    textsIn(value).map((text) => [name, text] as const),
  )
  const named = new Map(parameters)
  return {
    filters: filtersIn(parameters),
    created: { from: timeIn(named, 'created_from'), to: timeIn(named, 'created_to') },
    modified: { from: timeIn(named, 'modified_from'), to: timeIn(named, 'modified_to') },
    page: isWhole(query) ? undefined : { size: sizeIn(named), start: startIn(named) },
    isDescending: named.get('descending') === 'true' || named.get('ascending') === 'false',
  }
}

/** A parameter that comes twice has a list. */
function textsIn(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((each) => typeof each === 'string')
}

function timeIn(named: ReadonlyMap<string, string>, name: string): Date | undefined {
  const text = named.get(name)
  if (text === undefined || text === '') return undefined
  if (!seconds.test(text)) throw new InvalidDocument([wrongType([name], ['integer'])])
  return dateOf(Number(text))
}

function sizeIn(named: ReadonlyMap<string, string>): number {
  const text = named.get('page_size') ?? ''
  if (text === '') return usualSize
  if (!count.test(text)) throw new InvalidDocument([wrongType(['page_size'], ['integer'])])
  if (Number(text) < 1) throw new InvalidDocument([tooSmall(['page_size'], 1, Number(text))])
  return Math.min(Number(text), largestSize)
}

function startIn(named: ReadonlyMap<string, string>): PageCursor | undefined {
  const text = named.get('start_key') ?? ''
  if (text === '') return undefined
  const cursor = cursorIn(text)
  if (cursor === undefined)
    throw new InvalidDocument([unfit(['start_key'], 'Value must be the next_start_key of an answer')])
  return cursor
}
