import { Readable } from 'node:stream'
import { HttpService } from '@nestjs/axios'
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios'
import { firstValueFrom } from 'rxjs'
import { Places } from '#kernel'
import { type KeepAliveAgents, keepAliveAgents } from './keep-alive-agents.ts'
import { NoWacAnswer } from './no-wac-answer.ts'
import { isSuccess, type OpenWacAnswer, type WacAnswer } from './wac-answer.ts'
import type { WacRequest } from './wac-request.ts'

export interface WacConnectionSettings {
  readonly url: string
  readonly token: string
  readonly connectTimeoutMs: number
  /** How long a call may wait for a free place, so that enough time is left when it's sent. */
  readonly longestWaitMs: number
}

/** More would only wait at wac-core instead of here. */
const mostInFlight = 16
const largestAnswer = 32 * 1024 * 1024
const longestRefusal = 64 * 1024

/** Sends requests and brings answers, of whatever status; where there is none it throws a `NoWacAnswer`. */
export class WacConnection {
  private readonly http: HttpService
  private readonly agents: KeepAliveAgents
  private readonly places: Places

  constructor({ url, token, connectTimeoutMs, longestWaitMs }: WacConnectionSettings) {
    this.places = new Places(mostInFlight, longestWaitMs)
    this.agents = keepAliveAgents(connectTimeoutMs)
    const instance = axios.create({
      baseURL: url,
      httpAgent: this.agents.plain,
      httpsAgent: this.agents.secure,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'kitter' },
      maxRedirects: 0,
      maxContentLength: largestAnswer,
      proxy: false,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
    })
    this.http = new HttpService(instance)
  }

  /** Gives up at the signal. */
  send(request: WacRequest, signal: AbortSignal): Promise<WacAnswer> {
    const crowded = (): NoWacAnswer => NoWacAnswer.crowded(request)
    return this.places.take(() => {
      if (signal.aborted) throw crowded()
      return this.exchange(request, signal)
    }, crowded)
  }

  /**
   * Brings the beginning of an answer, however long it is. Takes no place, for it may last for minutes, while changes of
   * users wait; few ask at once. The signal is about the beginning only.
   */
  async open(request: WacRequest, signal: AbortSignal): Promise<OpenWacAnswer> {
    const opening = new AbortController()
    const giveUp = (): void => opening.abort()
    signal.addEventListener('abort', giveUp)
    try {
      const unlimited = { responseType: 'stream', maxContentLength: -1, signal: opening.signal } as const
      return await opened(await this.request(request, unlimited))
    } catch (error) {
      throw signal.aborted ? NoWacAnswer.late(request) : NoWacAnswer.failed(request, error)
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  close(): void {
    this.agents.plain.destroy()
    this.agents.secure.destroy()
  }

  private async exchange(request: WacRequest, signal: AbortSignal): Promise<WacAnswer> {
    try {
      return answerOf(await this.request(request, { signal }))
    } catch (error) {
      throw signal.aborted ? NoWacAnswer.late(request) : NoWacAnswer.failed(request, error)
    }
  }

  private request(request: WacRequest, options: AxiosRequestConfig): Promise<AxiosResponse<unknown>> {
    const { method, path: url, query: params, body: data } = request
    return firstValueFrom(this.http.request<unknown>({ method, url, params, data, ...options }))
  }
}

async function opened(response: AxiosResponse<unknown>): Promise<OpenWacAnswer> {
  const body = response.data instanceof Readable ? response.data : Readable.from([])
  const answer = answerOf(response)
  return isSuccess(answer) && !answer.isHtml ? { ...answer, body } : answerOf(response, await beginningOf(body))
}

/** Enough of a refusal to tell the reason. */
async function beginningOf(body: Readable): Promise<string> {
  let text = ''
  for await (const bit of body.setEncoding('utf8')) {
    text += String(bit)
    if (text.length > longestRefusal) break
  }
  return text
}

function answerOf({ status, headers, data }: AxiosResponse<unknown>, given?: string): WacAnswer {
  const text = given ?? (typeof data === 'string' ? data : '')
  const type: unknown = headers['content-type']
  const date: unknown = headers['date']
  return {
    status,
    text,
    isHtml: /^text\/html/i.test(String(type)) || /^\s*<(!doctype|html)/i.test(text),
    date: typeof date === 'string' ? date : undefined,
  }
}
