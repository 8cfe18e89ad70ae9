import { type Check, checkPattern, checkText } from '#kernel'

/** A username as kitter keeps it: lower-case, composed (NFC); letters, marks and digits of any script and `. _ - + @ '`. */
export type UserName = string & { readonly __brand: 'UserName' }

export const longestLoginName = 255

const checkCharacters = checkPattern(
  checkText({ min: 1, max: longestLoginName }),
  /^[\p{L}\p{M}\p{N}._\-+@']+$/u,
  `must be letters, digits and . _ - + @ ' only, without spaces`,
)
const checkLength = checkText({ max: longestLoginName })

export const checkUserName: Check = (value) => {
  const problems = checkCharacters(value)
  return problems.length > 0 || typeof value !== 'string' ? problems : checkLength(kept(value))
}

/** The name as kitter keeps it, or nothing where the text can't be a username. */
export function userName(text: string): UserName | undefined {
  // eslint-disable-next-line no-restricted-syntax -- the one place where the brand is given, after the check
  return checkUserName(text).length === 0 ? (kept(text) as UserName) : undefined
}

/** The same for text that was checked before. */
export function parseUserName(text: string): UserName {
  const name = userName(text)
  if (name === undefined) throw new Error('not a username')
  return name
}

/** Composed last: the lower case of a composed letter may be a decomposed one. Some take more room then. */
function kept(text: string): string {
  return text.toLowerCase().normalize('NFC')
}
