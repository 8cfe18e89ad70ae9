import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { DomainError, outcomeUnknown, systemRefused, systemUnavailable } from '#kernel'
import { BrokenList } from './broken-list.ts'
import { elementsIn } from './elements-in.ts'
import { NoWacAnswer } from './no-wac-answer.ts'
import { shows } from './shows.ts'
import { isSuccess, jsonOf, type WacAnswer, wordsOf } from './wac-answer.ts'
import { WacConnection } from './wac-connection.ts'
import { wacCapabilities, wacCreatedDocument } from './wac-documents.ts'
import type { WacRequest } from './wac-request.ts'

export interface WacCoreSettings {
  /** Of the service API: it ends in `/sapi`. */
  readonly url: string
  readonly token: string
  /** How long a call may take, repetitions and waiting included. */
  readonly timeoutMs?: number
}

/** What a status means where it isn't what the call hoped for; nothing where it means nothing particular. */
export type Refusals = Readonly<
  Partial<Record<number, () => DomainError | undefined | Promise<DomainError | undefined>>>
>

const system = 'wac-core'
const anyDocument = z.record(z.string(), z.unknown())
const defaultTimeoutMs = 10_000
/** Of a long list. */
const atATime = 500
const longestConnectMs = 3000
/** Before a read is repeated. Changes never are: nobody knows whether they were made. */
const pausesMs = [100, 400]

/** wac-core's service API: calls of it, with everything that can go wrong told as a `DomainError`. */
export class WacCore {
  /** Of the service API. A name and a password in it would take the token's place, and are left out. */
  readonly address: string
  private readonly connection: WacConnection
  private readonly token: string
  private readonly timeoutMs: number

  constructor({ url, token, timeoutMs = defaultTimeoutMs }: WacCoreSettings) {
    const { origin, pathname } = new URL(url)
    const longestWaitMs = timeoutMs / 2
    const connectTimeoutMs = Math.min(longestConnectMs, timeoutMs / 2)
    this.address = `${origin}${pathname.replace(/\/+$/, '')}`
    this.connection = new WacConnection({ url: this.address, token, connectTimeoutMs, longestWaitMs })
    this.token = token
    this.timeoutMs = timeoutMs
  }

  /** For health checks: rejects when wac-core doesn't answer. */
  async ping(): Promise<void> {
    await this.read('capabilities/', wacCapabilities)
  }

  /** Undefined where there is nothing. */
  async find<Document>(path: string, document: z.ZodType<Document>): Promise<Document | undefined> {
    const request: WacRequest = { method: 'GET', path }
    const answer = await this.answerToRead(request, (signal) => this.connection.send(request, signal))
    return answer.status === 404 && !answer.isHtml ? undefined : this.documentIn(answer, request, document)
  }

  async read<Document>(
    path: string,
    document: z.ZodType<Document>,
    query: Readonly<Record<string, string>> = {},
  ): Promise<Document> {
    const request: WacRequest = { method: 'GET', path, query }
    const answer = await this.answerToRead(request, (signal) => this.connection.send(request, signal))
    return this.documentIn(answer, request, document)
  }

  /** The documents of a list that may be too long to be held at once: some at a time, as they come. */
  async *scan<Document>(
    path: string,
    document: z.ZodType<Document>,
    query: Readonly<Record<string, string>>,
  ): AsyncGenerator<readonly Document[]> {
    const request: WacRequest = { method: 'GET', path, query }
    const answer = await this.answerToRead(request, (signal) => this.connection.open(request, signal))
    if (!isSuccess(answer)) throw this.failureOf(answer, request)
    if (answer.body === undefined) throw systemRefused(system, this.nonsense(answer, request))
    const silent = (): Error => NoWacAnswer.late(request)
    try {
      for await (const elements of elementsIn(answer.body, { atATime, silenceMs: this.timeoutMs, silent }))
        yield elements.map((element) => this.parsed(element, answer, request, document))
    } catch (error) {
      throw this.brokenOff(error, answer, request)
    }
  }

  /** The id of what was made. */
  async create(request: Omit<WacRequest, 'method'>, refusals: Refusals): Promise<string> {
    const post: WacRequest = { ...request, method: 'POST' }
    const answer = await this.change(post, refusals)
    const { data, error } = wacCreatedDocument.safeParse(jsonOf(answer))
    if (data === undefined) throw outcomeUnknown(system, this.nonsense(answer, post, error))
    return data.id
  }

  async replace(path: string, body: object, refusals: Refusals): Promise<void> {
    const request: WacRequest = { method: 'PUT', path, body }
    const answer = await this.change(request, refusals)
    await this.confirmed(answer, request, (document) => shows(document, body))
  }

  /** Whether there was one. */
  async remove(path: string, refusals: Refusals = {}): Promise<boolean> {
    const request: WacRequest = { method: 'DELETE', path }
    const answer = await this.change(request, refusals, 404)
    if (!isSuccess(answer)) return false
    await this.confirmed(answer, request, (document) => document === undefined)
    return true
  }

  /** One attempt, whatever comes of it; without an answer it's a `NoWacAnswer`. */
  ask(request: WacRequest): Promise<WacAnswer> {
    return this.connection.send(request, AbortSignal.timeout(this.timeoutMs))
  }

  /** Ends connections that nobody uses. */
  close(): void {
    this.connection.close()
  }

  private async answerToRead<Answer extends WacAnswer>(
    request: WacRequest,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const signal = AbortSignal.timeout(this.timeoutMs)
    try {
      for (const pauseMs of pausesMs) {
        const answer = await send(signal).catch((error: unknown) => {
          if (signal.aborted) throw error
        })
        if (answer !== undefined && answer.status < 500) return answer
        await pause(pauseMs, undefined, { signal })
      }
      return await send(signal)
    } catch (error) {
      throw systemUnavailable(system, error instanceof NoWacAnswer ? error : NoWacAnswer.late(request))
    }
  }

  private documentIn<Document>(answer: WacAnswer, request: WacRequest, document: z.ZodType<Document>): Document {
    if (!isSuccess(answer)) throw this.failureOf(answer, request)
    return this.parsed(jsonOf(answer), answer, request, document)
  }

  private parsed<Document>(
    json: unknown,
    answer: WacAnswer,
    request: WacRequest,
    document: z.ZodType<Document>,
  ): Document {
    const { data, error } = document.safeParse(json)
    if (error !== undefined) throw systemRefused(system, this.nonsense(answer, request, error))
    return data
  }

  private brokenOff(error: unknown, answer: WacAnswer, request: WacRequest): DomainError {
    if (error instanceof DomainError) return error
    if (error instanceof NoWacAnswer) return systemUnavailable(system, error)
    if (!(error instanceof BrokenList)) return systemUnavailable(system, NoWacAnswer.failed(request, error))
    return systemRefused(system, new Error(`${this.nonsense(answer, request).message}; the answer ${error.message}`))
  }

  private async change(request: WacRequest, refusals: Refusals, alsoFine?: number): Promise<WacAnswer> {
    const answer = await this.answerToChange(request)
    if (isSuccess(answer) && answer.isHtml) throw outcomeUnknown(system, this.nonsense(answer, request))
    if (isSuccess(answer) || (answer.status === alsoFine && !answer.isHtml)) return answer
    throw (answer.isHtml ? undefined : await refusals[answer.status]?.()) ?? this.failureOf(answer, request)
  }

  /** An answer that is neither empty nor the document itself says too little: then what is there now is looked at. */
  private async confirmed(
    answer: WacAnswer,
    request: WacRequest,
    isDone: (now: z.output<typeof anyDocument> | undefined) => boolean,
  ): Promise<void> {
    const { success, data } = wacCreatedDocument.safeParse(jsonOf(answer))
    if (answer.text === '' || (success && request.path.endsWith(`/${data.id}`))) return
    const problem = outcomeUnknown(system, this.nonsense(answer, request))
    const now = await this.find(request.path, anyDocument).catch(() => {
      throw problem
    })
    if (!isDone(now)) throw problem
  }

  private async answerToChange(request: WacRequest): Promise<WacAnswer> {
    try {
      return await this.ask(request)
    } catch (error) {
      if (error instanceof NoWacAnswer && !error.maybeSent) throw systemUnavailable(system, error)
      throw outcomeUnknown(system, error)
    }
  }

  private failureOf(answer: WacAnswer, request: WacRequest): DomainError {
    const cause = new Error(this.described(answer, request))
    switch (answer.status) {
      case 401:
      case 403:
        return systemRefused(
          system,
          new Error('It refuses the token of WAC_CORE_TOKEN, or what that may do.', { cause }),
        )
      case 429:
        return systemUnavailable(system, cause)
      case 502:
      case 503:
      case 504:
        return request.method === 'GET' ? systemUnavailable(system, cause) : outcomeUnknown(system, cause)
      default: {
        // nobody promises that a fault takes back what was changed; what was to be made can be looked for
        const isFault = answer.status >= 500 && ['PUT', 'DELETE'].includes(request.method)
        return isFault ? outcomeUnknown(system, cause) : systemRefused(system, cause)
      }
    }
  }

  private nonsense(answer: WacAnswer, request: WacRequest, error?: z.ZodError): Error {
    const problems = error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).slice(0, 3) ?? []
    return new Error([this.described({ ...answer, text: '' }, request), ...problems].join('; '))
  }

  private described(answer: WacAnswer, { method, path, secrets = [] }: WacRequest): string {
    const words = [this.token, ...secrets]
      .filter((secret) => secret !== '')
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
      .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), wordsOf(answer))
    return `${method} ${path} was answered ${words}`
  }
}
