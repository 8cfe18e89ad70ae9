import { Injectable } from '@nestjs/common'
import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger'
import { type Actor, type DomainError, isPlainObject } from '#kernel'
import {
  bearerTokenOf,
  Dialect,
  type DialectAnswer,
  type DialectBody,
  type DialectFailure,
  type DialectRequest,
} from '#rest'
import type { Account } from '../application/account.ts'
import { AccountsService } from '../application/accounts.service.ts'
import { SigningInService } from '../application/signing-in.service.ts'
import { entityTag, isKnown } from '../domain/answers/entity-tag.ts'
import { type AnswerFacts, errorEnvelope, successEnvelope } from '../domain/answers/envelope.ts'
import { failures } from '../domain/answers/failure-answer.ts'
import { failureOf } from '../domain/answers/failure-of.ts'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'
import type { Told } from '../domain/answers/told.ts'
import { textIn } from '../domain/document/text-in.ts'
import { uuidOf } from '../domain/ids/kazoo-id.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { NothingThere } from '../domain/problems/nothing-there.ts'
import { PhotoTooLarge } from '../domain/problems/photo-too-large.ts'
import { WrongMethod } from '../domain/problems/wrong-method.ts'
import { basicCredentialsIn, basicTextIn } from '../domain/signing-in/basic-credentials.ts'
import { isMethodAt } from './allowed-verbs.ts'
import { crossOrigin } from './cross-origin.ts'
import { jsonText } from './json-text.ts'
import { pathOf } from './path-of.ts'
import { RawAnswer } from './raw-answer.ts'
import { accountIn, setAccount } from './request-account.ts'
import { verbOf } from './verb-of.ts'

/** How Kazoo speaks. */
@Injectable()
export class KazooDialect extends Dialect {
  override readonly name = 'kazoo'
  override readonly path = '/v2'
  /** Its web client compares it to the letter. */
  override readonly jsonType = 'application/json'
  override readonly tokenParameters = ['auth_token']

  constructor(
    private readonly accounts: AccountsService,
    private readonly signingIn: SigningInService,
  ) {
    super()
  }

  override outline(version: string): Omit<OpenAPIObject, 'paths'> {
    return new DocumentBuilder()
      .setTitle('kitter: Kazoo')
      .setDescription("Kazoo's users API over kitter's users. An account is a domain.")
      .setVersion(version)
      .addServer('/')
      .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Auth-Token' })
      .build()
  }

  override success(result: unknown, request: DialectRequest): DialectBody {
    if (result instanceof RawAnswer) return { body: result.body, headers: { ...crossOrigin, ...result.headers } }
    const { data, revision, page, location, authToken } = toldIn(result)
    const headers = {
      ...crossOrigin,
      ...(revision !== undefined && { etag: entityTag(revision) }),
      ...(location !== undefined && { location: `${this.rootOf(request)}/${location}` }),
    }
    if (revision !== undefined && isKnownTo(request, revision)) return { status: 304, headers }
    const facts = { ...this.factsOf(request), ...(authToken !== undefined && { authToken }) }
    return this.json({ headers }, successEnvelope({ data, revision, page, ...facts }), request)
  }

  override failure({ problem, allowed }: DialectFailure, request: DialectRequest): DialectAnswer {
    const isOtherMethod = allowed.length > 0 && !this.isSwitchedOff(request)
    const told = isOtherMethod ? failures.methodNotAllowed : failureOf(toldOfPhoto(problem, request))
    const headers = { ...crossOrigin, ...(isOtherMethod && { allow: allowed.join(', ') }) }
    if (told.message === undefined) return { status: told.status, headers }
    const envelope = errorEnvelope(told, this.factsOf(request))
    return { ...this.json({ headers }, envelope, request), status: told.status }
  }

  /** Which accounts there are is told before anybody is asked for a token, and which methods before that. */
  override async admit(request: DialectRequest): Promise<void> {
    if (this.isSwitchedOff(request)) throw new NothingThere()
    const { method } = request
    if (method === 'OPTIONS') return
    if (!isMethodAt(pathOf(request), method, verbOf(request))) throw new WrongMethod()
    const id = accountIdOf(request)
    if (id !== undefined) setAccount(request, await this.accounts.find(id))
  }

  override async permit(actor: Actor, request: DialectRequest): Promise<void> {
    const account = await this.meantBy(actor, request)
    setAccount(request, account)
    await this.accounts.requireOpen(actor, account)
  }

  override subjectOf({ params }: DialectRequest): string | undefined {
    return isPlainObject(params) ? uuidOf(textIn(params, 'id') ?? '') : undefined
  }

  override tokenOf({ headers, originalUrl, body }: DialectRequest): string | undefined {
    const header = headers['x-auth-token']
    if (typeof header === 'string' && header !== '') return header
    const query = new URLSearchParams(originalUrl.split('?')[1] ?? '').get('auth_token') ?? undefined
    const { authorization } = headers
    return query ?? tokenIn(body) ?? bearerTokenOf(authorization) ?? basicTextIn(authorization)
  }

  override callerOf(token: string, { ip }: DialectRequest): Promise<Actor | undefined> {
    return this.signingIn.callerOf(token, ip)
  }

  private isSwitchedOff(request: DialectRequest): boolean {
    return !this.signingIn.userAuth.on && pathOf(request).endsWith('/user_auth')
  }

  private meantBy(actor: Actor, request: DialectRequest): Promise<Account> {
    const named = accountIn(request)
    return named === undefined ? this.accounts.own(actor) : Promise.resolve(named)
  }

  private json(answer: DialectBody, envelope: JsonObject, request: DialectRequest): DialectBody {
    const headers = { ...answer.headers, 'content-type': this.jsonType }
    return { ...answer, headers, body: Buffer.from(jsonText(envelope, request)) }
  }

  private factsOf(request: DialectRequest): AnswerFacts {
    return { requestId: request.id, now: new Date(), authToken: shownToken(this.tokenOf(request)) }
  }

  /** With what stands before every path of this kitter. */
  private rootOf(request: DialectRequest): string {
    const path = pathOf(request)
    return path.slice(0, path.indexOf(`${this.path}/account`) + this.path.length)
  }
}

/** What one signs in with isn't told back. */
function shownToken(token: string | undefined): string | undefined {
  return token === undefined || basicCredentialsIn(token) !== undefined ? undefined : token
}

/** The limit of bodies is told as that of photos where one was sent. */
function toldOfPhoto(problem: DomainError | undefined, request: DialectRequest): DomainError | undefined {
  return problem?.kind === 'too_large' && pathOf(request).endsWith('/photo') ? new PhotoTooLarge() : problem
}

function accountIdOf({ params }: DialectRequest): string | undefined {
  return isPlainObject(params) ? textIn(params, 'account') : undefined
}

function isKnownTo({ method, headers }: DialectRequest, revision: string): boolean {
  const known = headers['if-none-match']
  return (method === 'GET' || method === 'HEAD') && typeof known === 'string' && isKnown(known, revision)
}

/** What services give; an earlier answer that is given once more has been JSON meanwhile. */
function toldIn(result: unknown): Told {
  if (isTold(result)) return result
  throw new Error('a route of Kazoo that tells nothing')
}

function isTold(result: unknown): result is Told {
  return isPlainObject(result) && 'data' in result
}

/** A body that makes no sense has no token, nor have bytes. */
function tokenIn(body: unknown): string | undefined {
  try {
    return Buffer.isBuffer(body) ? undefined : requestEnvelope(body).authToken
  } catch {
    return undefined
  }
}
