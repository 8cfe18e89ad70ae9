import type { NetworkError } from '@keycloak/keycloak-admin-client'

/** Keycloak said something that isn't a success. Carries nothing of the request, which has kitter's token. */
export class KeycloakAnswer extends Error {
  readonly status: number
  /** JSON where it was JSON, else the text. */
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(`Keycloak answered ${status}: ${(typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 500)}`)
    this.name = 'KeycloakAnswer'
    this.status = status
    this.body = body
  }

  static of(error: NetworkError): KeycloakAnswer {
    return new KeycloakAnswer(error.response.status, error.responseData)
  }

  /** A field of the answer where that is a text. */
  text(name: string): string {
    const value: unknown =
      typeof this.body === 'object' && this.body !== null ? Reflect.get(this.body, name) : undefined
    return typeof value === 'string' ? value : ''
  }
}

/** The answer behind an error, where Keycloak gave one with this status. */
export function answered(error: unknown, status: number): KeycloakAnswer | undefined {
  const answer = error instanceof Error && error.cause instanceof KeycloakAnswer ? error.cause : undefined
  return answer?.status === status ? answer : undefined
}
