import { type Check, checkPattern, checkText } from '#kernel'

/** A domain's name: labels of ASCII letters, digits, `-` and `_` joined by dots, lower-case, at most 253 characters. */
export type DomainName = string & { readonly __brand: 'DomainName' }

const labels = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/

export const checkDomainName: Check = checkPattern(
  checkText({ min: 1, max: 253 }),
  labels,
  'must be labels of letters, digits, "-" and "_" joined by dots',
)

/** The name as kitter keeps it, or nothing where the text can't be a domain's name. */
export function domainName(text: string): DomainName | undefined {
  // eslint-disable-next-line no-restricted-syntax -- the one place where the brand is given, after the check
  return checkDomainName(text).length === 0 ? (text.toLowerCase() as DomainName) : undefined
}

/** The same for text that was checked before. */
export function parseDomainName(text: string): DomainName {
  const name = domainName(text)
  if (name === undefined) throw new Error('not a domain name')
  return name
}
