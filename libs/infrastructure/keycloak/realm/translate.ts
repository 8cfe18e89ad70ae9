import { NetworkError } from '@keycloak/keycloak-admin-client'
import { errors } from 'jose'
import { DomainError, outcomeUnknown, systemRefused, systemUnavailable } from '#kernel'
import { wasNotSent } from '#infrastructure/http-client'
import { KeycloakAnswer } from './keycloak-answer.ts'

const keycloak = 'Keycloak'

/** Who didn't hear of a request, or couldn't take it: it was not done. A proxy that gives up waiting (504) can't say so. */
const notDone = new Set([429, 503])
const maybeDone = new Set([502, 504])

/** What a failed question or change comes to. Its cause tells the log more, and the caller nothing. */
export function translated(error: unknown, kind: 'question' | 'change'): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof NetworkError) return ofAnswer(KeycloakAnswer.of(error), kind)
  // no JSON where JSON had to be: somebody else answers at this address
  if (error instanceof SyntaxError || error instanceof errors.JOSEError) return systemRefused(keycloak, error)
  if (wasNotSent(error) || kind === 'question') return systemUnavailable(keycloak, error)
  return outcomeUnknown(keycloak, error)
}

/** Whether the connection broke, rather than that the answer took too long: whoever asks again gets one soon. */
export function wasDropped(error: unknown): boolean {
  return !(error instanceof NetworkError) && error instanceof TypeError && !wasNotSent(error)
}

function ofAnswer(answer: KeycloakAnswer, kind: 'question' | 'change'): DomainError {
  if (notDone.has(answer.status)) return systemUnavailable(keycloak, answer)
  if (!maybeDone.has(answer.status)) return systemRefused(keycloak, answer)
  return kind === 'question' ? systemUnavailable(keycloak, answer) : outcomeUnknown(keycloak, answer)
}
