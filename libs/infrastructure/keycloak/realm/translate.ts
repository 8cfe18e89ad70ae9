import { NetworkError } from '@keycloak/keycloak-admin-client'
import { errors } from 'jose'
import { DomainError, outcomeUnknown, systemRefused, systemUnavailable } from '#kernel'
import { wasNotSent } from '#infrastructure/http-client'
import { KeycloakAnswer } from './keycloak-answer.ts'

const keycloak = 'Keycloak'

/** Said by whoever stands before Keycloak, often: too much, gone meanwhile, away, too slow. */
const away = new Set([429, 502, 503, 504])

/** The answer is no JSON where JSON had to be: somebody else answers at this address. */
export class NoJson extends Error {
  constructor() {
    super('the answer is not JSON')
    this.name = 'NoJson'
  }
}

/** What a failed question comes to. Its cause tells the log more, and the caller nothing. */
export function failedQuestion(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof NetworkError) {
    const answer = KeycloakAnswer.of(error)
    return away.has(answer.status) ? systemUnavailable(keycloak, answer) : systemRefused(keycloak, answer)
  }
  return isNonsense(error) ? systemRefused(keycloak, error) : systemUnavailable(keycloak, error)
}

/**
 * What a failed change comes to. It's certain that nothing was done where the request surely didn't arrive, or Keycloak
 * itself refused it; whoever stands before it can't say so. `maybeDone`: an earlier sending of it was left without an
 * answer, and only what Keycloak would answer to the second sending just as to the first is certain then.
 */
export function failedChange(error: unknown, maybeDone: boolean): DomainError {
  if (error instanceof NetworkError) return refusedChange(KeycloakAnswer.of(error), maybeDone)
  if (error instanceof DomainError) return maybeDone ? outcomeUnknown(keycloak, error) : error
  return wasNotSent(error) && !maybeDone ? systemUnavailable(keycloak, error) : outcomeUnknown(keycloak, error)
}

/** Whether the connection broke, rather than that the answer took too long: whoever asks again gets one soon. */
export function wasDropped(error: unknown): boolean {
  return error instanceof TypeError && !wasNotSent(error)
}

function refusedChange(answer: KeycloakAnswer, maybeDone: boolean): DomainError {
  if (answer.status === 429 && !maybeDone) return systemUnavailable(keycloak, answer)
  if (away.has(answer.status)) return outcomeUnknown(keycloak, answer)
  const isLasting = answer.status >= 400 && answer.status < 500 && ![401, 403].includes(answer.status)
  return maybeDone && !isLasting ? outcomeUnknown(keycloak, answer) : systemRefused(keycloak, answer)
}

function isNonsense(error: unknown): boolean {
  return error instanceof NoJson || error instanceof SyntaxError || error instanceof errors.JOSEError
}
