import { type Check, checkText } from '#kernel'

const checkQueryText = checkText({ max: 255 })

/** Text of a query, given once: parsers make a list of what is given twice. */
export const checkQuery: Check = (value) =>
  Array.isArray(value) ? [{ path: '', problem: 'must be given once' }] : checkQueryText(value)

export const checkQueryBoolean: Check = (value) =>
  value === 'true' || value === 'false' ? [] : [{ path: '', problem: 'must be true or false, given once' }]
