import { HttpService } from '@nestjs/axios'
import { firstValueFrom } from 'rxjs'
import { isPlainObject, jsonIn, outcomeUnknown, StartError, systemRefused, systemUnavailable } from '#kernel'
import { wasNotSent } from '#infrastructure/http-client'
import type { KamailioRpc } from './kamailio-rpc.ts'
import { sipProxyName } from './sip-proxy-name.ts'

interface HttpAnswer {
  readonly status: number
  readonly data: string
}

const defaultTimeoutMs = 5000
const longestAnswer = 8 * 1024 * 1024
/** What a gateway says when Kamailio doesn't answer it. */
const gatewayStatuses = new Set([502, 503, 504])

/** Kamailio's modules `xhttp` and `jsonrpcs`. The URL may have a user and a password in it, which are sent and never shown. */
export class JsonRpc implements KamailioRpc {
  private readonly url: string
  private readonly auth: { readonly username: string; readonly password: string } | undefined

  constructor(
    url: string,
    private readonly http = new HttpService(),
    private readonly timeoutMs = defaultTimeoutMs,
  ) {
    const { username, password, ...place } = placeOf(url)
    this.url = place.url
    this.auth = username === '' && password === '' ? undefined : { username, password }
  }

  async call(method: string, ...params: readonly string[]): Promise<unknown> {
    const answer = await this.post({ jsonrpc: '2.0', method, params, id: 1 })
    const body = jsonIn(answer.data)
    // Kamailio sends its refusals with status 500
    if (isPlainObject(body) && isPlainObject(body.error)) throw refused(method, body.error)
    if (isPlainObject(body) && 'result' in body && answer.status === 200) return body.result
    if (gatewayStatuses.has(answer.status)) throw outcomeUnknown(sipProxyName, unreadable(answer))
    throw systemRefused(sipProxyName, unreadable(answer))
  }

  private async post(data: object): Promise<HttpAnswer> {
    const request = this.http.request<string>({
      ...(this.auth !== undefined && { auth: this.auth }),
      method: 'POST',
      url: this.url,
      data,
      responseType: 'text',
      transformResponse: [],
      validateStatus: () => true,
      maxRedirects: 0,
      maxContentLength: longestAnswer,
      proxy: false,
      // Kamailio closes connections when it likes, and reloads are rare: each gets its own
      headers: { 'content-type': 'application/json', connection: 'close' },
      signal: AbortSignal.timeout(this.timeoutMs),
    })
    return firstValueFrom(request).catch((error: unknown) => {
      throw (wasNotSent(error) ? systemUnavailable : outcomeUnknown)(sipProxyName, reasonOf(error))
    })
  }
}

function placeOf(text: string): { readonly url: string; readonly username: string; readonly password: string } {
  try {
    const url = new URL(text)
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
    url.username = ''
    url.password = ''
    if (!/^https?:$/.test(url.protocol)) throw new Error('no HTTP')
    return { url: url.href, username, password }
  } catch {
    throw new StartError('SIP_PROXY_URL must be a URL like http://user:password@host:5060/RPC, percent-encoded.')
  }
}

function refused(method: string, { code, message }: Readonly<Record<string, unknown>>): Error {
  return systemRefused(sipProxyName, new Error(`it answers ${method} with ${String(code)} ${String(message)}`))
}

function unreadable({ status }: HttpAnswer): Error {
  return new Error(`it answers with HTTP ${status} and no JSON-RPC`)
}

/** axios' own errors carry the request, and with it the password. */
function reasonOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'ERR_CANCELED') return new Error('it did not answer in time')
  return new Error(error.message === '' ? code : error.message)
}
