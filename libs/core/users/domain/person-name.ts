import { type Check, checkNotBlank, checkPattern, checkText } from '#kernel'

/** A first or last name: any script, kept as given. */
export const checkPersonName: Check = checkNotBlank(
  checkPattern(checkText({ max: 255 }), /^[^<>]*$/u, 'must not contain < or >'),
)
