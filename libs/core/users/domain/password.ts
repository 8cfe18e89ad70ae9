import { checkPattern, checkText } from '#kernel'

/** A password on its way to where it's kept; never stored, logged or shown. */
export interface NewPassword {
  readonly value: string
  /** The user must choose another one at the next log-in. */
  readonly temporary: boolean
}

/** Keycloak takes no blank one. */
export const checkPassword = checkPattern(
  checkText({ min: 1, max: 255, controlCharacters: true }),
  /[^\0-\x20]/,
  'must not be blank',
)
