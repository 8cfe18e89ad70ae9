import { type Check, checkListOf, checkText } from '#kernel'

const checkOriginText = checkText({ min: 1, max: 2048 })

/** Where browsers of a domain may come from: a URL, or a regular expression between slashes. */
const checkOrigin: Check = (value) => {
  const problems = checkOriginText(value)
  if (problems.length > 0 || typeof value !== 'string') return problems
  return isUrl(value) || isExpression(value)
    ? []
    : [{ path: '', problem: 'must be a URL, or a regular expression between slashes' }]
}

export const checkOrigins: Check = checkListOf(checkOrigin, 1000)
export const checkCapabilities: Check = checkListOf(checkText({ min: 1, max: 255 }), 1000)

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text)
}

function isExpression(text: string): boolean {
  const between = /^\/(.+)\/$/s.exec(text)?.[1]
  if (between === undefined) return false
  try {
    new RegExp(between, 'u')
    return true
  } catch {
    return false
  }
}
