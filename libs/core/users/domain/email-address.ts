import validator from 'validator'
import { type Check, checkText } from '#kernel'

const checkEmailText = checkText({ min: 1, max: 255 })

export const checkEmail: Check = (value) => {
  const problems = checkEmailText(value)
  if (problems.length > 0 || typeof value !== 'string') return problems
  return validator.isEmail(value) ? [] : [{ path: '', problem: 'must be an email address' }]
}

/** What tells two addresses apart: case doesn't. */
export function emailKey(email: string): string {
  return email.toLowerCase()
}
