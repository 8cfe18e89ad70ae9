import { type Check, checkText } from '#kernel'

const checkQueryText = checkText({ max: 255 })

/** Text of a query, given once: parsers make a list of what is given twice. */
export const checkQuery: Check = (value) =>
  Array.isArray(value) ? [{ path: '', problem: 'must be given once' }] : checkQueryText(value)

const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** A day (from its beginning, UTC), or a time with its zone, in ISO 8601. */
export const checkQueryTime: Check = (value) => {
  const isTime = typeof value === 'string' && time.test(value) && isInCalendar(value)
  return isTime ? [] : [{ path: '', problem: 'must be a time like 2026-10-12T10:00:00Z, given once' }]
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isInCalendar(text: string): boolean {
  const day = text.slice(0, 10)
  const midnight = new Date(`${day}T00:00:00Z`)
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
  return isDay && !Number.isNaN(Date.parse(text))
}

export function timeOf(text: string): Date {
  return new Date(text)
}

export function checkQueryNumber(least: number, greatest: number): Check {
  return (value) => {
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (number >= least && number <= greatest) return []
    return [{ path: '', problem: `must be a whole number from ${least} to ${greatest}, given once` }]
  }
}

export function checkQueryOneOf(...choices: readonly string[]): Check {
  const problem = `must be one of ${choices.join(', ')}, given once`
  return (value) => (typeof value === 'string' && choices.includes(value) ? [] : [{ path: '', problem }])
}

export const checkQueryBoolean: Check = (value) =>
  value === 'true' || value === 'false' ? [] : [{ path: '', problem: 'must be true or false, given once' }]
