import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { jsonIn } from '#kernel'
import { CannotRun } from '../cannot-run.ts'
import { connectionProblem } from './connection-problem.ts'
import type { HttpAnswer } from './exchange.ts'
import { secondsIn } from './seconds-in.ts'
import type { SentFile } from './sent-file.ts'
import { ServiceAway } from './service-away.ts'

export interface FileRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly file: SentFile
  /** In milliseconds: for how long nothing at all may happen. */
  readonly timeout: number
}

/** Posts a file, however long that takes. It may be refused before all of it is sent. Unlike `fetch` it says how long the file is. */
export async function sendFile({ url, headers, file, timeout }: FileRequest): Promise<HttpAnswer> {
  const { promise: response, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const send = url.startsWith('https:') ? requestHttps : requestHttp
  const request = send(url, { method: 'POST', headers: { ...headers, ...headersOf(file) } })
  request.on('response', resolve).on('error', reject)
  request.setTimeout(timeout, () => request.destroy(new DOMException('The time is over.', 'TimeoutError')))
  try {
    // what goes wrong is the request's error, too
    pipeline(Readable.from(sentChunks(file, request), { objectMode: false }), request).catch(reject)
    return await answerOf(await response)
  } catch (error) {
    if (error instanceof CannotRun) throw error
    throw new ServiceAway(connectionProblem(error, timeout), { cause: error })
  } finally {
    if (!request.writableFinished) request.destroy()
  }
}

function headersOf({ type, isPacked, size }: SentFile): Readonly<Record<string, string | number>> {
  return { 'content-type': type, 'content-length': size, ...(isPacked && { 'content-encoding': 'gzip' }) }
}

async function* sentChunks({ chunks, size, onSent, signal }: SentFile, request: ClientRequest) {
  const breakOff = (): void => void request.destroy(new Error('broken off'))
  signal.addEventListener('abort', breakOff)
  try {
    let sent = 0
    for await (const chunk of chunks()) {
      signal.throwIfAborted()
      sent += chunk.length
      // from here on the service may have all of it
      if (sent === size) signal.removeEventListener('abort', breakOff)
      onSent(sent)
      yield chunk
    }
  } finally {
    signal.removeEventListener('abort', breakOff)
  }
}

async function answerOf(response: IncomingMessage): Promise<HttpAnswer> {
  return {
    status: response.statusCode ?? 0,
    body: jsonIn(await text(response)),
    retryAfter: secondsIn(response.headers['retry-after']),
    location: response.headers.location,
  }
}
