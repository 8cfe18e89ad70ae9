import type { JsonObject } from '../json-object.ts'
import type { FailureAnswer } from './failure-answer.ts'

/** What every answer says of itself. */
export interface AnswerFacts {
  readonly requestId: string
  readonly now: Date
  /** The token that the request came with. */
  readonly authToken?: string | undefined
}

export interface Success extends AnswerFacts {
  readonly data: unknown
  readonly revision?: string | undefined
  /** Of lists that come in pages. */
  readonly page?: ListedPage | undefined
}

export interface ListedPage {
  /** How many rows this page has. */
  readonly size: number
  readonly startKey?: string | undefined
  readonly nextStartKey?: string | undefined
}

/** The body of an answer that says what was asked for. */
export function successEnvelope({ data, revision, page, ...facts }: Success): JsonObject {
  return present({
    auth_token: facts.authToken,
    data,
    next_start_key: page?.nextStartKey,
    page_size: page?.size,
    request_id: facts.requestId,
    revision,
    start_key: page?.startKey,
    status: 'success',
    timestamp: timestampOf(facts.now),
  })
}

/** The body of an answer that says what went wrong; clients compare the status as a text. */
export function errorEnvelope({ status, message, data }: FailureAnswer, facts: AnswerFacts): JsonObject {
  return present({
    auth_token: facts.authToken ?? '',
    data,
    error: String(status),
    message,
    request_id: facts.requestId,
    status: 'error',
    timestamp: timestampOf(facts.now),
  })
}

/** In whole seconds. */
function timestampOf(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z')
}

function present(envelope: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(envelope).filter(([, value]) => value !== undefined))
}
