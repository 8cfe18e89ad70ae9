import { createHash } from 'node:crypto'
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { firstValueFrom, type Observable, of } from 'rxjs'
import { type Actor, isPlainObject } from '#kernel'
import { type AskedWithKey, Idempotency } from '#core/idempotency'
import { actorOf, type Dialect, Dialects, idempotencyKeyOf, isRepeatable, takesFile } from '#rest'

/** A POST with an `Idempotency-Key`, and what else may have one, is done once, however often it comes; `Idempotency-Replayed` says whether it was. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly dialects: Dialects,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const header = request.headers['idempotency-key']
    const actor = actorOf(request)
    const mayRepeat = request.method === 'POST' || isRepeatable(context.getHandler())
    if (!mayRepeat || header === undefined || actor === undefined) return next.handle()
    return of(await this.answer(request, http.getResponse(), { actor, key: idempotencyKeyOf(header) }, next))
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { actor, key }: { readonly actor: Actor; readonly key: string },
    next: CallHandler,
  ): Promise<unknown> {
    const asked = { actor, key, ...knownOf(request, this.dialects.of(request)) }
    const told = await this.idempotency.once(asked, () => firstValueFrom(next.handle()))
    void reply.header('idempotency-replayed', String(told.isReplay))
    if ('error' in told) throw told.error
    return told.result
  }
}

/** By what a request is known again. Dialects may have changes that are made of one state only. */
function knownOf(request: FastifyRequest, dialect: Dialect | undefined): Pick<AskedWithKey, 'line' | 'body'> {
  const line = `${request.method} ${withoutToken(request.originalUrl, dialect)}`
  const body = knownBodyOf(request)
  if (dialect === undefined) return { line, body }
  const ifMatch = request.headers['if-match']
  return {
    line: ifMatch === undefined ? line : `${line}\nif-match: ${ifMatch}`,
    body: withoutTokenIn(body, dialect),
  }
}

/** Who comes again may do so with a newer token. */
function withoutToken(url: string, dialect: Dialect | undefined): string {
  if (dialect === undefined || dialect.tokenParameters.length === 0) return url
  const [path = '', ...query] = url.split('?')
  const parameters = new URLSearchParams(query.join('?'))
  for (const name of dialect.tokenParameters) parameters.delete(name)
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`
}

function withoutTokenIn(body: unknown, { tokenParameters }: Dialect): unknown {
  if (!isPlainObject(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([key]) => !tokenParameters.includes(key.toLowerCase())))
}

/** A file isn't read before it's known whether it was there before: it is told by what the request says of it. */
function knownBodyOf({ body, headers, routeOptions }: FastifyRequest): unknown {
  const said = (names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, headers[name] ?? null]))
  if (Buffer.isBuffer(body)) return { ...said(bytesHeaders), sha256: createHash('sha256').update(body).digest('hex') }
  return takesFile(routeOptions.config) ? said(fileHeaders) : body
}

/** What the same bytes are something else by. */
const bytesHeaders = ['content-type', 'content-transfer-encoding']
const fileHeaders = ['content-type', 'content-encoding', 'content-length', 'content-digest']
