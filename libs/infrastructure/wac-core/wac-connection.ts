import { HttpService } from '@nestjs/axios'
import axios, { type AxiosResponse } from 'axios'
import { firstValueFrom } from 'rxjs'
import { Places } from '#infrastructure/http-client'
import { type KeepAliveAgents, keepAliveAgents } from './keep-alive-agents.ts'
import { NoWacAnswer } from './no-wac-answer.ts'
import type { WacAnswer } from './wac-answer.ts'
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

  close(): void {
    this.agents.plain.destroy()
    this.agents.secure.destroy()
  }

  private async exchange(request: WacRequest, signal: AbortSignal): Promise<WacAnswer> {
    const { method, path: url, query: params, body: data } = request
    try {
      return answerOf(await firstValueFrom(this.http.request<unknown>({ method, url, params, data, signal })))
    } catch (error) {
      throw signal.aborted ? NoWacAnswer.late(request) : NoWacAnswer.failed(request, error)
    }
  }
}

function answerOf({ status, headers, data }: AxiosResponse<unknown>): WacAnswer {
  const text = typeof data === 'string' ? data : ''
  const type: unknown = headers['content-type']
  const date: unknown = headers['date']
  return {
    status,
    text,
    isHtml: /^text\/html/i.test(String(type)) || /^\s*<(!doctype|html)/i.test(text),
    date: typeof date === 'string' ? date : undefined,
  }
}
