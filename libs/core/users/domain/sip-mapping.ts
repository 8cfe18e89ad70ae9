import { checkPattern, checkText } from '#kernel'

/** The SIP account that a user registers with. */
export interface SipCredential {
  readonly username: string
  readonly password: string
}

export const checkSipUserName = checkPattern(checkText({ min: 1, max: 255 }), /^\S+$/u, 'must not contain spaces')
export const checkSipPassword = checkText({ max: 255 })
