import type { NetworkError } from '@keycloak/keycloak-admin-client'
import { neededRight } from './needed-right.ts'

/** Keycloak said something that isn't a success. Carries nothing of the request, which has kitter's token. */
export class KeycloakAnswer extends Error {
  readonly status: number
  /** JSON where it was JSON, else the text. */
  readonly body: unknown

  constructor(status: number, body: unknown, path: string) {
    const words = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 500)
    super(`Keycloak answered ${status} at ${path}: ${words}${status === 403 ? hintFor(path) : ''}`)
    this.name = 'KeycloakAnswer'
    this.status = status
    this.body = body
  }

  static of(error: NetworkError): KeycloakAnswer {
    const { status, url } = error.response
    return new KeycloakAnswer(status, error.responseData, URL.canParse(url) ? new URL(url).pathname : '')
  }

  /** A field of the answer where that is a text. */
  text(name: string): string {
    const value: unknown =
      typeof this.body === 'object' && this.body !== null ? Reflect.get(this.body, name) : undefined
    return typeof value === 'string' ? value : ''
  }
}

function hintFor(path: string): string {
  const right = neededRight(path)
  const lack = right === undefined ? 'a right' : `the right ${right}`
  return `. kitter's service account seems to lack ${lack}: kitter doctor tells how to mend it.`
}

/** The answer behind an error, where Keycloak gave one with this status. */
export function answered(error: unknown, status: number): KeycloakAnswer | undefined {
  const answer = error instanceof Error && error.cause instanceof KeycloakAnswer ? error.cause : undefined
  return answer?.status === status ? answer : undefined
}

/** Keycloak's own words (it spells the second one so). A 404 without them comes from somebody on the way there. */
const missing = { user: /^User not found/, session: /^Ses+ion not found/ } as const

/** Whether Keycloak itself said that there is no such thing. */
export function isMissing(error: unknown, what: keyof typeof missing): boolean {
  return missing[what].test(answered(error, 404)?.text('error') ?? '')
}
