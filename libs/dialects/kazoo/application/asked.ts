import type { Actor } from '#kernel'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'
import type { JsonObject } from '../domain/json-object.ts'
import type { Account } from './account.ts'

/** What a request asks of an account. */
export interface Asked {
  readonly actor: Actor
  readonly account: Account
  /** The user that the path names; empty where it names none. */
  readonly id: string
  readonly body: unknown
  readonly query: JsonObject
  readonly ifMatch: string | undefined
}

/** Throws where the body makes no sense. */
export function dataOf({ body }: Asked): unknown {
  return requestEnvelope(body).data
}
