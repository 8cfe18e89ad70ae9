import { unfit } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'

/** One group, no choices, few repetitions: a text of 64 characters is soon tried against it, whatever it says. */
const harmless = /^[^()|]{0,60}\((?!\?)[^()|]{1,60}\)(?![*+?{])[^()|]{0,60}$/
const references = /\\[^dDwWsS.+*?^$/-]/
const mostRepetitions = 3

/** What of a number is dialled: without signs, as it is, or what the group of a regular expression finds in it. */
export function filteredNumber(number: string, filter: string): string {
  if (filter === 'true') return number.replace(/[ ,.()-]/g, '')
  if (filter === 'false') return number
  const found = regexIn(filter).exec(number)
  return found?.[1] ?? number
}

function regexIn(filter: string): RegExp {
  const repetitions = filter.match(/[*+?{]/g)?.length ?? 0
  try {
    if (harmless.test(filter) && !references.test(filter) && repetitions <= mostRepetitions) return new RegExp(filter)
  } catch {
    // it's none
  }
  throw new InvalidDocument([
    unfit(['number_filter'], 'Value must be true, false, or a simple regular expression with one group'),
  ])
}
