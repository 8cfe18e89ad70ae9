import { checkText } from '#kernel'

/** A password on its way to where it's kept; never stored, logged or shown. */
export interface NewPassword {
  readonly value: string
  /** The user must choose another one at the next log-in. */
  readonly temporary: boolean
}

export const checkPassword = checkText({ min: 1, max: 255, controlCharacters: true })
