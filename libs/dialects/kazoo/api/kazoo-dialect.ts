import { Injectable } from '@nestjs/common'
import type { OpenAPIObject } from '@nestjs/swagger'
import { type Actor, type DomainError, isPlainObject } from '#kernel'
import {
  type AuditedChange,
  bearerTokenOf,
  Dialect,
  type DialectAnswer,
  type DialectBody,
  type DialectFailure,
  type DialectRequest,
  queryIn,
  requestPath,
} from '#rest'
import type { Account } from '../application/account.ts'
import { AccountsService } from '../application/accounts.service.ts'
import { SigningInService } from '../application/signing-in.service.ts'
import { entityTag, isKnown } from '../domain/answers/entity-tag.ts'
import { type AnswerFacts, errorEnvelope, successEnvelope } from '../domain/answers/envelope.ts'
import { failures } from '../domain/answers/failure-answer.ts'
import { failureOf } from '../domain/answers/failure-of.ts'
import { saidBeside } from '../domain/answers/said-beside.ts'
import type { Told } from '../domain/answers/told.ts'
import { dialect } from '../domain/dialect-name.ts'
import { textIn } from '../domain/document/text-in.ts'
import { uuidOf } from '../domain/ids/kazoo-id.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { BadIdentifier } from '../domain/problems/bad-identifier.ts'
import { nothingThere, wrongMethod } from '../domain/problems/kazoo-errors.ts'
import { PhotoTooLarge } from '../domain/problems/photo-too-large.ts'
import { basicCredentialsIn, basicTextIn } from '../domain/signing-in/basic-credentials.ts'
import { isMethodAt } from './allowed-verbs.ts'
import { outline } from './documentation/outline.ts'
import { crossOrigin } from './cross-origin.ts'
import { jsonText } from './json-text.ts'
import { placeOf } from './place-of.ts'
import { RawAnswer } from './raw-answer.ts'
import { accountIn, setAccount } from './request-account.ts'
import { verbOf } from './verb-of.ts'

/** How Kazoo speaks. */
@Injectable()
export class KazooDialect extends Dialect {
  override readonly name = dialect
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
    return outline(version)
  }

  override success(result: unknown, request: DialectRequest): DialectBody {
    if (result instanceof RawAnswer) return { body: result.body, headers: { ...onAll, ...result.headers } }
    const { data, revision, revisionOfUser, page, location, authToken } = toldIn(result)
    const headers = {
      ...onAll,
      ...(revision !== undefined && { etag: entityTag(revision) }),
      ...(location !== undefined && { location: `${this.rootOf(request)}/${location}` }),
    }
    if (revision !== undefined && isKnownTo(request, revision)) return { status: 304, headers }
    const facts = { ...this.factsOf(request), ...(authToken !== undefined && { authToken }) }
    return this.json(
      { headers },
      successEnvelope({ data, revision: revision ?? revisionOfUser, page, ...facts }),
      request,
    )
  }

  override failure({ problem, allowed }: DialectFailure, request: DialectRequest): DialectAnswer {
    const place = placeOf(request)
    const methods = allowed.filter((method) => isMethodAt(place, method, method))
    const isOtherMethod = methods.length > 0 && !this.isSwitchedOff(request)
    const told = isOtherMethod ? failures.methodNotAllowed : failureOf(toldOfPlace(problem, request))
    const headers = { ...onAll, ...(isOtherMethod && { allow: methods.join(', ') }) }
    if (told.message === undefined) return { status: told.status, headers }
    const envelope = errorEnvelope(told, this.factsOf(request))
    return { ...this.json({ headers }, envelope, request), status: told.status }
  }

  /** Which accounts there are is told before anybody is asked for a token, and which methods before that. */
  override async admit(request: DialectRequest): Promise<void> {
    if (this.isSwitchedOff(request)) throw nothingThere()
    const { method } = request
    if (method === 'OPTIONS') return
    if (!isMethodAt(placeOf(request), method, verbOf(request))) throw wrongMethod()
    const id = textParameter(request, 'account')
    if (id !== undefined) setAccount(request, await this.accounts.find(id))
  }

  override async permit(actor: Actor, request: DialectRequest): Promise<void> {
    const account = await this.meantBy(actor, request)
    setAccount(request, account)
    await this.accounts.requireOpen(actor, account)
  }

  override changeOf(change: AuditedChange, request: DialectRequest): AuditedChange {
    return verbOf(request) === 'DELETE' ? { ...change, action: removals.get(change.action) ?? change.action } : change
  }

  override auditedOf(result: unknown): Told['audited'] {
    return toldIn(result).audited
  }

  override subjectOf(request: DialectRequest): string | undefined {
    return uuidOf(textParameter(request, 'id') ?? '')
  }

  override tokenOf(request: DialectRequest): string | undefined {
    return plainTokenOf(request) ?? basicTextIn(request.headers['authorization'])
  }

  /** What one signs in with is taken from its own header alone: a token stands in URLs, too. */
  override callerOf(token: string, request: DialectRequest): Promise<Actor | undefined> {
    const basic = basicCredentialsIn(token)
    const isOwn = basic !== undefined && plainTokenOf(request) === undefined
    return this.signingIn.callerOf(isOwn ? basic : token, request.origin)
  }

  private isSwitchedOff(request: DialectRequest): boolean {
    return !this.signingIn.userAuth.on && placeOf(request).endsWith('/user_auth')
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
    const path = requestPath(request)
    return path.slice(0, path.indexOf(`${this.path}/account`) + this.path.length)
  }
}

/** What a POST does that stands for a DELETE. */
const removals: ReadonlyMap<string, string> = new Map([
  ['user.update', 'user.delete'],
  ['kazoo.photo.put', 'kazoo.photo.delete'],
])

/** A cache between that doesn't know of `X-Auth-Token` would give one user's document to another. */
const onAll = { ...crossOrigin, 'cache-control': 'no-store' }

function plainTokenOf(request: DialectRequest): string | undefined {
  const { headers, body } = request
  const header = headers['x-auth-token']
  if (typeof header === 'string' && header !== '') return header
  const query = queryIn(request).get('auth_token') ?? undefined
  return query ?? saidBeside(body, 'auth_token') ?? bearerTokenOf(headers['authorization'])
}

/** What one signs in with isn't told back. */
function shownToken(token: string | undefined): string | undefined {
  return token === undefined || basicCredentialsIn(token) !== undefined ? undefined : token
}

/**
 * The limit of bodies is told as that of photos where one was sent. Of a refusal that is told once more only the code is left;
 * which user it was about, the path says.
 */
function toldOfPlace(problem: DomainError | undefined, request: DialectRequest): DomainError | undefined {
  const id = textParameter(request, 'id')
  if (problem?.code === 'user.unknown' && !(problem instanceof BadIdentifier) && id !== undefined)
    return new BadIdentifier(id)
  return problem?.kind === 'too_large' && placeOf(request).endsWith('/photo') ? new PhotoTooLarge() : problem
}

function textParameter({ params }: DialectRequest, name: string): string | undefined {
  return isPlainObject(params) ? textIn(params, name) : undefined
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
