import { isPlainObject } from '#kernel'
import { CannotRun } from '../../cannot-run.ts'
import { printable } from '../../output/printable.ts'
import { exchange, type HttpAnswer } from '../../service/exchange.ts'
import { isAccessToken } from '../../service/is-access-token.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { ServiceAway } from '../../service/service-away.ts'

export const tokenRoles = ['kitter-admin', 'kitter-viewer', 'kitter-domain-admin'] as const

export interface TokenWish {
  readonly role: (typeof tokenRoles)[number]
  readonly domain?: string
  /** In seconds. */
  readonly lifetime?: number
}

const endpoint = '/realms/kitter/protocol/openid-connect/token'
const timeout = 30_000

/** A token with another role for the token that is there (RFC 8693). Only the sandbox does that. */
export async function exchangeToken(access: ServiceAccess, wish: TokenWish): Promise<string> {
  const answer = await ask(access, formOf(access, wish))
  if (answer.status === 404) {
    throw new CannotRun(
      `The service at ${access.url} does not run on the sandbox, and only that gives tokens: get one from its Keycloak.`,
    )
  }
  const token = isPlainObject(answer.body) ? answer.body['access_token'] : undefined
  if (answer.status === 200 && typeof token === 'string' && isAccessToken(token)) return token
  throw new CannotRun(`The service at ${access.url} gave no token: ${reasonOf(answer, access.token)}`)
}

function formOf({ token }: ServiceAccess, { role, domain, lifetime }: TokenWish): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: 'kitter-cli',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    role,
    ...(domain !== undefined && { domain }),
    ...(lifetime !== undefined && { lifetime: String(lifetime) }),
  })
}

async function ask({ url, urlSource }: ServiceAccess, form: URLSearchParams): Promise<HttpAnswer> {
  try {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return await exchange({ method: 'POST', url: `${url}${endpoint}`, headers, body: form.toString(), timeout })
  } catch (error) {
    if (!(error instanceof ServiceAway)) throw error
    const hint = 'start kitter with "npm start", or say with --url where it is'
    throw new CannotRun(`The service at ${url} (from ${urlSource}) ${error.doing}: ${hint}.`, { cause: error })
  }
}

/** OAuth's errors have a description, kitter's a sentence in `error`. */
function reasonOf({ status, body }: HttpAnswer, secret: string): string {
  const { error_description: description, error } = isPlainObject(body) ? body : {}
  const said = [description, error].find((text) => typeof text === 'string' && text !== '')
  if (typeof said !== 'string') return `it answered ${status} without saying why.`
  const reason = printable(said.replaceAll(secret, '…'))
  return reason.endsWith('.') ? reason : `${reason}.`
}
