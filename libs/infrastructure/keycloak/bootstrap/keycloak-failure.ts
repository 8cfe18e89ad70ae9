import { NetworkError } from '@keycloak/keycloak-admin-client'

/** What Keycloak answered when it refused; nothing for failures of another kind. */
export interface Refusal {
  readonly status: number
  /** Its own words, where it gave some. */
  readonly words: string | undefined
}

export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof NetworkError)) return undefined
  return { status: error.response.status, words: wordsIn(error.responseData) }
}

function wordsIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const said = new Map<string, unknown>(Object.entries(data))
  return ['error_description', 'errorMessage', 'error']
    .map((key) => said.get(key))
    .find((text) => typeof text === 'string')
}

/** Why there was no answer that makes sense, to follow "Keycloak at … ": "refuses connections (ECONNREFUSED)". */
export function silenceOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'does not speak as Keycloak does: it answered with something that is no JSON'
  if (error instanceof Error && error.name === 'TimeoutError') return 'does not answer in time'
  const code = codeOf(error)
  return code === undefined ? 'gives an answer that makes no sense' : `${meaningOf(code)} (${code})`
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== undefined)
  return codeOf(error.cause)
}

function meaningOf(code: string): string {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'speaks http, not https'
  if (/CERT|SELF_SIGNED|UNABLE_TO|SSL|TLS/.test(code))
    return 'has a certificate that is not trusted; NODE_EXTRA_CA_CERTS names a private CA'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'is at a host that is not known'
  return code === 'ECONNREFUSED' ? 'refuses connections' : 'can not be reached'
}
