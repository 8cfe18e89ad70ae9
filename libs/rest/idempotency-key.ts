import { type DomainError, invalid } from '#kernel'

/** As the IETF draft writes it (a Structured Fields string), its signs escaped. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/
const wellFormed = /^[\x21-\x7e]{1,255}$/

/** The key in the header `Idempotency-Key`, as it is or in the draft's quotation marks. */
export function idempotencyKeyOf(header: string | readonly string[]): string {
  const given = typeof header === 'string' ? header.trim() : ''
  const key = given.startsWith('"') ? quoted.exec(given)?.[1]?.replaceAll(/\\(.)/g, '$1') : given
  if (key === undefined || !wellFormed.test(key)) throw idempotencyKeyInvalid()
  return key
}

export function idempotencyKeyInvalid(): DomainError {
  return invalid([
    { path: 'Idempotency-Key', problem: 'must have 1 to 255 visible ASCII characters, and be given once' },
  ])
}
