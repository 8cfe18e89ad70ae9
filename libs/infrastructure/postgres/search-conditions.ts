import {
  digitsOf,
  phoneNumberIn,
  type SearchCriteria,
  type SearchedField,
  type SearchTerm,
  wordsOf,
} from '#core/search'
import { Conditions, containing, literal, surely } from './conditions.ts'
import { amongDomains } from './domains-within.ts'
import { aroundLine, searchedLine } from './searched-line.ts'

type Value = (parameter: unknown) => string
type Match = SearchCriteria['match']

/**
 * The users of these domains that a search is for. An index of trigrams serves `searched LIKE` and `searched_attributes LIKE`; what stands
 * beside them makes sure that it was the right field, and where it is asked for the right case and accents.
 */
export function searchConditions(
  domains: readonly string[] | undefined,
  { quick, terms, match }: Pick<SearchCriteria, 'quick' | 'terms' | 'match'>,
): Conditions {
  const given = amongDomains(new Conditions(), domains)
  const quicker = quick === undefined ? given : given.and((value) => quickClause(quick, match, value))
  return terms.reduce((sofar, term) => sofar.and((value) => termClause(term, match, value)), quicker)
}

/** Every word somewhere, or all of it as a phone number. */
function quickClause(quick: string, match: Match, value: Value): string {
  const words = wordsOf(quick)
  const everyWord = words.map((word) => wordClause(word, match, value)).join(' AND ')
  const number = words.length > 1 ? phoneNumberIn(quick) : undefined
  return number === undefined ? `(${everyWord})` : `((${everyWord}) OR ${digitsClause(number, value)})`
}

const everyName = `normalize(concat_ws(E'\\n', username, email, first_name, last_name, phone_number), NFC)`

function wordClause(word: string, match: Match, value: Value): string {
  const folded = `searched LIKE '%' || kitter.folded_pattern(${value(word)}) || '%'`
  const text =
    match === 'folded' ? folded : `(${folded} AND ${surely(`${everyName} LIKE ${value(containing(composed(word)))}`)})`
  const number = phoneNumberIn(word)
  return number === undefined ? text : `(${text} OR ${digitsClause(number, value)})`
}

function digitsClause(digits: string, value: Value): string {
  const pattern = value(containing(digits))
  return `(searched LIKE ${pattern} AND ${surely(`${searchedLine('phone_number')} LIKE ${pattern}`)})`
}

function termClause(term: SearchTerm, match: Match, value: Value): string {
  const { target } = term
  if ('attribute' in target) return attributeClause(term, target.attribute, match, value)
  const { field } = target
  if (field === 'phone_number') return fieldClause(term, field, `${value(digitsOf(term.value))}::text`)
  const folded = fieldClause(term, field, `kitter.folded_pattern(${value(term.value)})`)
  return match === 'folded'
    ? folded
    : `(${folded} AND ${surely(`normalize(${field}, NFC) LIKE ${value(exactPattern(term))}`)})`
}

function fieldClause({ kind }: SearchTerm, field: SearchedField, text: string): string {
  const { before, behind } = aroundLine(field)
  const line = searchedLine(field)
  switch (kind) {
    case 'contains':
      return `(searched LIKE '%' || ${text} || '%' AND ${surely(`${line} LIKE '%' || ${text} || '%'`)})`
    case 'starts_with':
      return `(searched LIKE ${before} || ${text} || '%' AND ${surely(`${line} LIKE ${text} || '%'`)})`
    case 'equals':
      return `(searched LIKE ${before} || ${text} || ${behind} AND ${surely(`${line} LIKE ${text}`)})`
  }
}

/** Each value of an attribute stands as `key=value` in a line of its own in `searched_attributes`. */
function attributeClause(term: SearchTerm, attribute: string, match: Match, value: Value): string {
  const isRight = match === 'folded' ? foldedPattern(term, value) : value(exactPattern(term))
  const compared = match === 'folded' ? 'kitter.folded(value)' : 'normalize(value, NFC)'
  return `(searched_attributes <> '' AND searched_attributes LIKE ${attributesPattern(term, attribute, value)} AND ${surely(`EXISTS (
    SELECT FROM jsonb_array_elements_text(attributes -> ${value(attribute)}::text) AS given (value)
    WHERE ${compared} LIKE ${isRight})`)})`
}

function attributesPattern({ kind, value: text }: SearchTerm, attribute: string, value: Value): string {
  if (kind === 'contains') return `'%' || kitter.folded_pattern(${value(text)}) || '%'`
  const line = `E'%\\n' || kitter.folded_pattern(${value(`${attribute}=${text}`)})`
  return kind === 'equals' ? `${line} || E'\\n%'` : `${line} || '%'`
}

function foldedPattern({ kind, value: text }: SearchTerm, value: Value): string {
  const folded = `kitter.folded_pattern(${value(text)})`
  switch (kind) {
    case 'contains':
      return `'%' || ${folded} || '%'`
    case 'starts_with':
      return `${folded} || '%'`
    case 'equals':
      return folded
  }
}

function exactPattern({ kind, value }: SearchTerm): string {
  const text = literal(composed(value))
  switch (kind) {
    case 'contains':
      return `%${text}%`
    case 'starts_with':
      return `${text}%`
    case 'equals':
      return text
  }
}

/** One text may be written with letters and accents together or apart. */
function composed(text: string): string {
  return text.normalize('NFC')
}
