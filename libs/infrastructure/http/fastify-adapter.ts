import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { DomainError, Origin } from '#kernel'
import { bodyNotJson, Dialects, requestMalformed, takesBytes, takesFile } from '#rest'
import { answerFailure } from './answer-failure.ts'
import { originOf } from './origin-of.ts'
import { problemOf } from './problem.ts'
import { hasNoBody, leaveProblem } from './request-body.ts'
import { requestIdOf } from './request-id.ts'
import { noteAnswer } from './room-for-bytes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    readonly origin: Origin
  }
}

export type TrustProxy = boolean | readonly string[]

const mebibyte = 1024 * 1024
/** Longer than any header Node lets through, so that a long id is simply one that isn't there. */
const maxParamLength = 64 * 1024
const longestRequestMs = 60_000
/** A file may be large, and the line slow; where nothing comes for as long as a request may take, it's cut. */
const longestUploadMs = 60 * longestRequestMs
/** How long a connection stays that kitter has ended. */
const longestFarewellMs = 2000
/** Of whoever may not send a file. */
const unwelcome: ReadonlySet<number> = new Set([401, 403])

export interface FastifySettings {
  readonly dialects?: Dialects
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs?: number
}

/**
 * Fastify as kitter wants it: JSON bodies only, of 1 MiB at most, and every refusal in kitter's own error shape, or in that
 * of the dialect whose path it is.
 */
export function fastifyAdapter(
  logger: Logger,
  trustProxy: TrustProxy,
  { dialects = new Dialects(), requestTimeoutMs = longestRequestMs }: FastifySettings = {},
): FastifyAdapter {
  const loggerInstance: FastifyBaseLogger = logger
  const adapter = new FastifyAdapter({
    loggerInstance,
    // our own line says what happened; the request's id reaches every line by the request's context
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    bodyLimit: mebibyte,
    requestTimeout: longestUploadMs,
    trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy,
    routerOptions: { maxParamLength },
    rewriteUrl: ({ url = '/' }) => (dialects.of({ originalUrl: url }) === undefined ? url : withoutSlash(url)),
    requestIdHeader: false,
    genReqId: requestIdOf,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerFrameworkError(dialects, error, request, reply),
    clientErrorHandler: answerClientError,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  const fastify = adapter.getInstance()
  fastify.decorateRequest('origin', {
    getter() {
      return originOf(this)
    },
  })
  fastify.addHook('onRoute', ({ method, url }) => dialects.noteRoute(method, url))
  fastify.addHook('onSend', (_, { raw }, payload, done) => {
    noteAnswer(raw)
    done(null, payload)
  })
  const refuse = refuserOf(dialects)
  acceptJson(adapter, refuse)
  acceptFiles(adapter, refuse, requestTimeoutMs)
  return adapter
}

/** Some clients of other platforms end every path with a slash. */
function withoutSlash(url: string): string {
  return url.replace(/^([^?#]+)\/(?=[?#]|$)/, '$1')
}

type Done = (error: DomainError | null, body: undefined) => void
type Refuse = (request: FastifyRequest, problem: DomainError, done: Done) => void

/** Kitter's own API says at once that it can't read a body; in a dialect's, who may not call isn't told more than that. */
function refuserOf(dialects: Dialects): Refuse {
  return (request, problem, done) => {
    const isOfDialect = dialects.of(request) !== undefined
    if (isOfDialect && !hasNoBody(request)) leaveProblem(request, problem)
    done(isOfDialect ? null : problem, undefined)
  }
}

/**
 * Bodies of other types are 415; an empty body is no body, also with a content type. What isn't UTF-8 is refused: decoding
 * would put replacement characters into people's names.
 */
function acceptJson(adapter: FastifyAdapter, refuse: Refuse): void {
  const fastify = adapter.getInstance()
  const parse = fastify.getDefaultJsonParser('error', 'error')
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const malformed = takesBytes(request.routeOptions.config) === undefined ? requestMalformed : bodyNotJson
    if (body.length === 0 || isForFile(request)) done(null, undefined)
    else if (!isUtf8(body)) refuse(request, malformed(), done)
    else {
      void parse(request, body.toString(), (error, json) =>
        error === null ? done(null, json) : refuse(request, malformed(), done),
      )
    }
  })
}

/**
 * Bodies of all other types, for routes that take files. What sends nothing for as long as a request may take is cut. A file
 * that is refused before its end is read to it nevertheless: most callers hear nothing before they have sent it all. Who may
 * not send one has as long for that as for any request.
 */
function acceptFiles(adapter: FastifyAdapter, refuse: Refuse, requestTimeoutMs: number): void {
  const fastify = adapter.getInstance()
  fastify.addContentTypeParser('*', (request, _, done) => {
    if (request.is404 || takesBytes(request.routeOptions.config) !== undefined) done(null, undefined)
    else if (!isForFile(request)) refuse(request, bodyNotJson(), done)
    else {
      request.raw.setTimeout(requestTimeoutMs, () => request.raw.destroy())
      done(null, request.raw.iterator({ destroyOnReturn: false }))
    }
  })
  fastify.addHook('onRequest', (request, _, done) => {
    if (!isForFile(request)) {
      const late = new Error('the request came too slowly')
      cutLate(request, requestTimeoutMs, () => answerClientError(late, request.raw.socket))
    }
    done()
  })
  fastify.addHook('onResponse', (request, { statusCode }, done) => {
    const { raw } = request
    if (unwelcome.has(statusCode)) cutLate(request, requestTimeoutMs, () => raw.socket.destroy())
    if (!raw.complete && !raw.destroyed) raw.resume()
    done()
  })
}

function isForFile({ routeOptions }: FastifyRequest): boolean {
  return takesFile(routeOptions.config)
}

/** The server itself waits as long as files may take. */
function cutLate({ raw }: FastifyRequest, afterMs: number, cut: () => void): void {
  const hasBody = 'content-length' in raw.headers || 'transfer-encoding' in raw.headers
  if (!hasBody || raw.complete) return
  const late = setTimeout(() => {
    if (!raw.complete) cut()
  }, afterMs)
  late.unref()
  raw.once('close', () => clearTimeout(late))
  raw.once('end', () => clearTimeout(late))
}

/** A path that can't be decoded, before any route is found. */
function answerFrameworkError(dialects: Dialects, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id)
  answerFailure(dialects, request, reply, problemOf(error))
}

/** What isn't even HTTP. */
function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const requestId = randomUUID()
  const body = JSON.stringify({
    error: 'The request is not HTTP that kitter can read.',
    code: 'request.malformed',
    request_id: requestId,
  })
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  const headers = [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
  // who doesn't end it too would keep what the request has; closing it at once would keep the answer from who still sends
  const closing = setTimeout(() => socket.destroy(), longestFarewellMs)
  closing.unref()
  socket.once('close', () => clearTimeout(closing))
}
