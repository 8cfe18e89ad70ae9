import { applyDecorators } from '@nestjs/common'
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
} from '@nestjs/swagger'
import {
  badIdentifierFailure,
  type FailureAnswer,
  failures,
  validationFailure,
} from '../../domain/answers/failure-answer.ts'
import type { JsonObject } from '../../domain/json-object.ts'
import type { Problems } from '../../domain/problems/problem.ts'
import { exampleAccount, exampleFailure, exampleUser } from './examples.ts'
import { type DataSchema, schemaOf } from './schema-of.ts'

export interface QueryParameter {
  readonly name: string
  readonly description: string
  readonly example?: string
}

export interface Description {
  readonly summary: string
  readonly description: string
  readonly status?: 200 | 201
  /** The whole answer. */
  readonly example?: JsonObject
  /** Of an answer without the envelope. */
  readonly produces?: readonly string[]
  /** `verb` says what a POST stands for. */
  readonly body?: { readonly data: DataSchema; readonly example: JsonObject; readonly verb?: string }
  readonly consumes?: readonly string[]
  readonly headers?: readonly QueryParameter[]
  /** What may be wrong with a request. */
  readonly invalid?: Problems
  readonly query?: readonly QueryParameter[]
  /** Whether it depends on a revision: that which is there, or that which the client has. */
  readonly condition?: 'if-match' | 'if-none-match'
  /** Whether it may come with an `Idempotency-Key`. */
  readonly takesKey?: true
  readonly failures?: readonly FailureAnswer[]
  readonly isPublic?: true
  readonly names?: 'account' | 'user'
}

/** What the documentation says of an operation. */
export function Described(given: Description): MethodDecorator {
  const { summary, description, isPublic, names } = given
  return applyDecorators(
    ApiOperation({ summary, description, ...(isPublic && { security: [] }) }),
    ...(isPublic ? [] : [ApiSecurity('api_key')]),
    ...(names === undefined ? [] : [ApiParam(accountParameter)]),
    ...(names === 'user' ? [ApiParam(userParameter)] : []),
    ...(given.query ?? []).map((parameter) => ApiQuery({ ...parameter, required: false, type: 'string' })),
    ...(given.headers ?? []).map((header) => ApiHeader({ ...header, required: false })),
    ...bodyOf(given),
    ...conditionOf(given),
    answerOf(given),
    ...failuresOf(given).map(failureResponse),
  )
}

const accountParameter = {
  name: 'account',
  description: "The account's id: `00000000` and the id of the domain. `/v2/account` instead is one's own.",
  example: exampleAccount,
}

const userParameter = {
  name: 'id',
  description: "The user's id: the UUID without hyphens.",
  example: exampleUser['id'],
}

function bodyOf({ body, consumes }: Description): readonly MethodDecorator[] {
  if (consumes !== undefined)
    return [ApiConsumes(...consumes), ApiBody({ schema: { type: 'string', format: 'binary' } })]
  if (body === undefined) return []
  const { data, verb, example } = body
  const value = { data: example, ...(verb !== undefined && { verb }) }
  return [ApiBody({ schema: schemaOf(data), examples: { usual: { value } } })]
}

function conditionOf({ condition }: Description): readonly MethodDecorator[] {
  if (condition === undefined) return []
  const isRead = condition === 'if-none-match'
  const description = isRead ? 'A revision that the client has.' : 'The revision that is to be changed.'
  const answer = isRead
    ? { status: 304, description: 'It has not changed. The answer has no body.' }
    : { status: 412, description: 'It is another one meanwhile. The answer has no body.' }
  const name = isRead ? 'If-None-Match' : 'If-Match'
  return [ApiHeader({ name, description, required: false }), ApiResponse(answer)]
}

function answerOf({ status = 200, example, produces = [], summary }: Description): MethodDecorator {
  if (produces.length > 0)
    return applyDecorators(
      ApiProduces(...produces),
      ApiResponse({ status, description: summary, schema: { type: 'string', format: 'binary' } }),
    )
  const content = { 'application/json': { schema: { type: 'object' as const }, example } }
  return applyDecorators(ApiProduces('application/json'), ApiResponse({ status, description: summary, content }))
}

function failuresOf(given: Description): readonly FailureAnswer[] {
  const { isPublic, names, body, invalid, condition, takesKey } = given
  const changes = condition === 'if-match' || (body !== undefined && isPublic === undefined)
  const all = [
    ...(given.failures ?? []),
    ...(isPublic ? [] : [failures.invalidCredentials, failures.forbidden]),
    ...(names === undefined
      ? []
      : [badIdentifierFailure(names === 'user' ? String(exampleUser['id']) : exampleAccount)]),
    ...(invalid === undefined ? [] : [validationFailure(invalid)]),
    ...(changes ? [failures.conflict, failures.refusedElsewhere, failures.unfinished] : []),
    ...(takesKey ? [failures.conflict, failures.unprocessable] : []),
    ...[failures.notAcceptable, failures.unavailable],
    ...(body === undefined ? [] : [failures.tooLarge, failures.unsupportedMedia]),
  ]
  return [...new Map(all.map((failure) => [failure.status, failure])).values()]
}

const reasons: ReadonlyMap<number, string> = new Map([
  [406, 'There is nothing of a type that the client accepts.'],
  [415, 'The body is of another type.'],
])

function failureResponse(told: FailureAnswer): MethodDecorator {
  const { status, message } = told
  if (message === undefined)
    return ApiResponse({ status, description: `${reasons.get(status) ?? ''} The answer has no body.` })
  const content = { 'application/json': { schema: { type: 'object' as const }, example: exampleFailure(told) } }
  return ApiResponse({ status, description: `\`${message}\``, content })
}
