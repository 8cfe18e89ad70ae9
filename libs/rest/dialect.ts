import type { OpenAPIObject } from '@nestjs/swagger'
import type { Actor, DomainError, Origin } from '#kernel'
import type { AuditedChange } from './access.ts'
import { bearerTokenOf } from './bearer-token.ts'

/** A request as a dialect sees it. Where it never came to a route, its parameters and body aren't there. */
export interface DialectRequest {
  readonly id: string
  readonly method: string
  /** Where it came from, as far as a trusted proxy says. */
  readonly origin: Origin
  /** As it came, the query included. */
  readonly originalUrl: string
  /** The route it came to, as it was written down: `/v2/accounts/:account`. */
  readonly routeOptions?: { readonly url?: string | undefined }
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly query: unknown
  readonly params: unknown
  readonly body: unknown
}

/** JSON, unless it's a Buffer or a StreamableFile; without a body the answer is empty. */
export interface DialectBody {
  /** Where it isn't that of the route. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface DialectAnswer extends DialectBody {
  readonly status: number
}

export interface DialectFailure {
  /** None where it's a bug, of which nobody outside is told more. */
  readonly problem: DomainError | undefined
  /** Where the path has no such method: those that it has. */
  readonly allowed: readonly string[]
}

/** How another platform's API speaks, where it isn't as kitter's own API does. */
export abstract class Dialect {
  /** As operators write it. */
  abstract readonly name: string

  /** What all of its paths begin with, such as `/v2`. */
  abstract readonly path: string

  /** Of its JSON answers, to the letter. */
  readonly jsonType: string = 'application/json; charset=utf-8'

  /** Parameters of queries, and keys of bodies in lower case, that carry a token: a request with another one is the same request. */
  readonly tokenParameters: readonly string[] = []

  /** What its document says besides its paths. */
  abstract outline(version: string): Omit<OpenAPIObject, 'paths'>

  /** The answer around what a controller's method gives; made anew for a request that comes again. */
  abstract success(result: unknown, request: DialectRequest): DialectBody

  abstract failure(failure: DialectFailure, request: DialectRequest): DialectAnswer

  /** Before anybody is asked for a token: throws what has to be said to everybody. */
  admit(_: DialectRequest): Promise<void> {
    return Promise.resolve()
  }

  /** Once it's known who calls, and before the body is looked at: throws where this caller may not be at this place. */
  permit(_actor: Actor, _request: DialectRequest): Promise<void> {
    return Promise.resolve()
  }

  /** What a request changes, where that isn't what its route does. */
  changeOf(change: AuditedChange, _: DialectRequest): AuditedChange {
    return change
  }

  /** What the audit trail is told of a change besides, of what a controller's method gives: plain JSON, without any secret. */
  auditedOf(_result: unknown): Readonly<Record<string, unknown>> | undefined {
    return undefined
  }

  /** What a request is about, as kitter itself names it and the audit trail is searched by; where nothing, what the path says. */
  subjectOf(_: DialectRequest): string | undefined {
    return undefined
  }

  /** The token that a request comes with. It never reaches a log. */
  tokenOf({ headers }: DialectRequest): string | undefined {
    return bearerTokenOf(headers['authorization'])
  }

  /** Who calls with one of its own tokens. What is none of them is tried as one of the realm's. */
  callerOf(_token: string, _request: DialectRequest): Promise<Actor | undefined> {
    return Promise.resolve(undefined)
  }
}
