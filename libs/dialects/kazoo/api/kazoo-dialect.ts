import { Injectable } from '@nestjs/common'
import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger'
import {
  bearerTokenOf,
  Dialect,
  type DialectAnswer,
  type DialectBody,
  type DialectFailure,
  type DialectRequest,
} from '#rest'
import { type AnswerFacts, errorEnvelope, successEnvelope } from '../domain/answers/envelope.ts'
import { failures } from '../domain/answers/failure-answer.ts'
import { failureOf } from '../domain/answers/failure-of.ts'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'

/** How Kazoo speaks. */
@Injectable()
export class KazooDialect extends Dialect {
  override readonly name = 'kazoo'
  override readonly path = '/v2'
  /** Its web client compares it to the letter. */
  override readonly jsonType = 'application/json'
  override readonly tokenParameters = ['auth_token']

  override outline(version: string): Omit<OpenAPIObject, 'paths'> {
    return new DocumentBuilder()
      .setTitle('kitter: Kazoo')
      .setDescription("Kazoo's users API over kitter's users. An account is a domain.")
      .setVersion(version)
      .addServer('/')
      .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Auth-Token' })
      .build()
  }

  override success(data: unknown, request: DialectRequest): DialectBody {
    return { body: successEnvelope({ data, ...this.factsOf(request) }) }
  }

  override failure({ problem, allowed }: DialectFailure, request: DialectRequest): DialectAnswer {
    const told = allowed.length > 0 ? failures.methodNotAllowed : failureOf(problem)
    const headers = allowed.length > 0 ? { allow: allowed.join(', ') } : {}
    if (told.message === undefined) return { status: told.status, headers }
    return { status: told.status, headers, body: errorEnvelope(told, this.factsOf(request)) }
  }

  override tokenOf({ headers, originalUrl, body }: DialectRequest): string | undefined {
    const header = headers['x-auth-token']
    if (typeof header === 'string' && header !== '') return header
    const query = new URLSearchParams(originalUrl.split('?')[1] ?? '').get('auth_token') ?? undefined
    return query ?? tokenIn(body) ?? bearerTokenOf(headers['authorization'])
  }

  private factsOf(request: DialectRequest): AnswerFacts {
    return { requestId: request.id, now: new Date(), authToken: this.tokenOf(request) }
  }
}

/** A body that makes no sense has no token. */
function tokenIn(body: unknown): string | undefined {
  try {
    return requestEnvelope(body).authToken
  } catch {
    return undefined
  }
}
