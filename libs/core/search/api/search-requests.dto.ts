import { type Check, defaultPage, type FieldProblem } from '#kernel'
import { BracketsField, checkQuery, checkQueryNumber, checkQueryOneOf, Field } from '#rest'
import { longestMark } from '../application/mark.ts'
import type { SearchPage } from '../application/search.service.ts'
import { checkQuick, checkTerms } from '../domain/search-checks.ts'
import {
  matches,
  type SearchCriteria,
  type SearchTerm,
  sortNamed,
  sorts,
  type TermKind,
  termKinds,
} from '../domain/search-criteria.ts'
import { targetNamed } from '../domain/search-target.ts'
import { exampleMark, searchTexts } from './search-documentation.ts'

const most = 1000
const defaultSort = 'username'

const mark = /^[\w-]+$/
const notKitters: readonly FieldProblem[] = [{ path: '', problem: 'must be the `next` of an answer, given once' }]

const checkMark: Check = (value) =>
  typeof value === 'string' && value.length <= longestMark && mark.test(value) ? [] : notKitters

type Values = Readonly<Record<string, string | readonly string[]>>

export class SearchQuery {
  @Field({
    check: checkQuick,
    type: String,
    minLength: 1,
    maxLength: 255,
    description: searchTexts.quick,
    example: 'doe',
  })
  readonly q?: string

  @Field({
    check: checkQuery,
    type: String,
    description: "The domain's exact name, without those below it.",
    example: 'example.com',
  })
  readonly domain?: string

  @BracketsField({ check: checkTerms, description: searchTexts.startsWith, example: { username: 'john' } })
  readonly starts_with?: Values

  @BracketsField({ check: checkTerms, description: searchTexts.contains, example: { 'attributes.colour': 'red' } })
  readonly contains?: Values

  @BracketsField({ check: checkTerms, description: searchTexts.equals, example: { phone_number: '+34612345678' } })
  readonly equals?: Values

  @Field({
    check: checkQueryOneOf(...matches),
    type: String,
    enum: matches,
    default: 'folded',
    description: searchTexts.match,
    example: 'folded',
  })
  readonly match?: string

  @Field({
    check: checkQueryOneOf(...sorts),
    type: String,
    enum: sorts,
    default: defaultSort,
    description: 'What the users are sorted by, backwards with `-`.',
    example: '-created_at',
  })
  readonly sort?: string

  @Field({
    check: checkQueryNumber(1, most),
    type: 'integer',
    minimum: 1,
    maximum: most,
    default: defaultPage.max,
    description: 'How many users a page has.',
    example: 10,
  })
  readonly limit?: string

  @Field({
    check: checkMark,
    type: String,
    maxLength: longestMark,
    description: 'The `next` of the page before, with the same search.',
    example: exampleMark,
  })
  readonly after?: string
}

export function criteriaOf(query: SearchQuery): SearchCriteria {
  return {
    ...(query.q !== undefined && { quick: query.q }),
    ...(query.domain !== undefined && { domain: query.domain.toLowerCase() }),
    terms: termKinds.flatMap((kind) => termsOf(kind, query[kind] ?? {})),
    match: matches.find((known) => known === query.match) ?? 'folded',
    sort: sortNamed(query.sort ?? defaultSort) ?? { key: 'username', descending: false },
  }
}

function termsOf(kind: TermKind, values: Values): readonly SearchTerm[] {
  return Object.entries(values).flatMap(([name, given]) => {
    const target = targetNamed(name)
    const list = typeof given === 'string' ? [given] : given
    return target === undefined ? [] : list.map((value) => ({ kind, target, value }))
  })
}

export function searchPageOf({ limit, after }: SearchQuery): SearchPage {
  return { limit: Number(limit ?? defaultPage.max), ...(after !== undefined && { after }) }
}
