import { checkPattern, checkText } from '#kernel'

/** A password on its way to where it's kept; never stored, logged or shown. */
export interface NewPassword {
  readonly value: string
  /** The user must choose another one at the next log-in. */
  readonly temporary: boolean
}

/**
 * What is kept of a password, as a PHC string such as `$argon2id$v=19$m=7168,t=5,p=1$…`: enough to check one, and no way
 * back to it. It may be journalled.
 */
export interface HashedPassword {
  readonly hash: string
  readonly temporary: boolean
}

/** A password, or what another system kept of one. */
export type GivenPassword = NewPassword | HashedPassword

/** Keycloak takes no blank one. */
export const checkPassword = checkPattern(
  checkText({ min: 1, max: 255, controlCharacters: true }),
  /[^\0-\x20]/,
  'must not be blank',
)
