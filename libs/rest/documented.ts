import { applyDecorators, HttpCode, type Type } from '@nestjs/common'
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  type ApiParamOptions,
  ApiResponse,
} from '@nestjs/swagger'
import { databaseUnavailable, DomainError, ownOnly, roleMissing, roles, type Standing } from '#kernel'
import { requiredAccess } from './access.ts'
import { roleInsufficient, tokenInvalid, tokenMissing } from './access-errors.ts'
import { ErrorBody, errorBodyOf } from './error-body.ts'
import { statusOf } from './error-status.ts'
import { idempotencyKeyInvalid } from './idempotency-key.ts'
import { bodyNotJson, bodyTooLarge, requestMalformed } from './request-errors.ts'

export interface Documentation {
  /** What generated clients call the operation: it never changes. */
  readonly id: string
  readonly summary: string
  readonly description: string
  readonly path?: readonly ApiParamOptions[]
  /** The examples by what they show. */
  readonly body?: { readonly type: Type; readonly examples: Readonly<Record<string, object>> }
  /** A file for a body: an example of each of its media types. */
  readonly file?: { readonly examples: Readonly<Record<string, string>> }
  readonly success: {
    readonly status: number
    readonly description: string
    readonly type?: Type
    readonly example?: unknown
  }
  /** The failures that the operation itself has: the very errors that it throws. */
  readonly errors?: readonly DomainError[]
  /** What it needs besides kitter's database: one system may refuse, several may be apart for a while. */
  readonly systems?: 'one' | 'several'
  /** It may come with an `Idempotency-Key`, as every POST. */
  readonly repeatable?: true
}

/**
 * What the documentation says of an operation, and the status of its success. It goes above the access decorator, which
 * says who is refused; what every operation with a path, a body or other systems may answer, it adds by itself.
 */
export function Documented(documentation: Documentation): MethodDecorator {
  return (target, name, method) => {
    const errors = [...refusalsOf(rolesOf(target, name)), ...(documentation.errors ?? []), databaseUnavailable()]
    applyDecorators(ApiBearerAuth(), described(documentation, errors))(target, name, method)
  }
}

/** The same for an operation that needs no token. */
export function DocumentedPublicly(documentation: Documentation): MethodDecorator {
  return applyDecorators(ApiOperation({ security: [] }), described(documentation, documentation.errors ?? []))
}

function described(documentation: Documentation, errors: readonly DomainError[]): MethodDecorator {
  const { id, summary, description, path = [], body, file, success, repeatable = false } = documentation
  const all = withoutRepetition([
    ...inputErrorsOf(documentation),
    ...errors,
    ...systemErrorsOf(documentation),
    ...(repeatable ? keyErrors() : []),
  ])
  const statuses = [...new Set(all.map(({ kind }) => statusOf(kind)))].toSorted()
  return applyDecorators(
    ApiOperation({ operationId: id, summary, description }),
    HttpCode(success.status),
    ...path.map((parameter) => ApiParam(parameter)),
    ...(repeatable ? [ApiHeader(keyHeader)] : []),
    ...(body === undefined ? [] : [ApiBody({ type: body.type, examples: examplesOf(body.examples) })]),
    ...(file === undefined ? [] : fileBody(file.examples)),
    ApiResponse({ ...success, ...(repeatable && { headers: { 'Idempotency-Replayed': replayedHeader } }) }),
    ...statuses.map((status) =>
      errorResponse(
        status,
        all.filter(({ kind }) => statusOf(kind) === status),
      ),
    ),
  )
}

function fileBody(examples: Readonly<Record<string, string>>): readonly MethodDecorator[] {
  const schema = { type: 'string', format: 'binary' }
  const shown = Object.entries(examples).map(([type, value]) => [type, { value }] as const)
  return [ApiConsumes(...Object.keys(examples)), ApiBody({ schema, examples: Object.fromEntries(shown) })]
}

const keyHeader = {
  name: 'Idempotency-Key',
  description:
    'Of your choice and new for each request, such as a UUID. The same request with the same key is done once, however often it is sent.',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255, example: '8e03978e-40d5-43dd-bc93-6894a57f9324' },
} as const

const replayedHeader = {
  description: 'To a request with a key: whether this is what became of an earlier request with the same key.',
  schema: { type: 'boolean' as const },
  example: false,
}

/** What several say is said once. */
function withoutRepetition(errors: readonly DomainError[]): readonly DomainError[] {
  return [...new Map(errors.map((error) => [titleOf(error), error])).values()]
}

function examplesOf(values: Readonly<Record<string, object>>): Record<string, { readonly value: object }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))
}

function rolesOf(target: object, name: string | symbol): readonly Standing[] {
  const method: unknown = Reflect.get(target, name)
  const access = typeof method === 'function' ? requiredAccess(method) : 'nobody'
  if (typeof access === 'object') return access
  throw new Error(`@Documented of ${String(name)} goes above a decorator that says which roles may call it`)
}

/** The role that is refused is the weakest of those that are. */
function refusalsOf(allowed: readonly Standing[]): readonly DomainError[] {
  const refused = roles.filter((role) => !allowed.includes(role)).at(-1)
  return [
    tokenMissing(),
    tokenInvalid('it has expired'),
    ...(allowed.includes(ownOnly) ? [] : [roleMissing()]),
    ...(refused === undefined ? [] : [roleInsufficient(refused)]),
  ]
}

function inputErrorsOf({ path, body }: Documentation): readonly DomainError[] {
  if (body !== undefined) return [requestMalformed(), bodyTooLarge(), bodyNotJson()]
  return path === undefined ? [] : [requestMalformed()]
}

function systemErrorsOf({ systems }: Documentation): readonly DomainError[] {
  if (systems === undefined) return []
  return systems === 'one' ? [systemRefused()] : [systemRefused(), operationUnfinished()]
}

function errorResponse(status: number, errors: readonly DomainError[]): MethodDecorator {
  const pauses = errors.map(({ details }) => details.retryAfter)
  const retryAfter = pauses.find((seconds) => seconds !== undefined)
  return ApiResponse({
    status,
    type: ErrorBody,
    description: errors.map(({ code, message }) => `\`${code}\`: ${message}`).join('<br>'),
    examples: Object.fromEntries(errors.map((error) => [titleOf(error), exampleOf(error)])),
    ...(retryAfter !== undefined && {
      headers: { 'Retry-After': retryAfterHeader(retryAfter, !pauses.includes(undefined)) },
    }),
  })
}

function retryAfterHeader(example: number, required: boolean): object {
  const description = 'After how many seconds it is worth trying again.'
  return { description, required, schema: { type: 'integer', minimum: 1 }, example }
}

/** One code may stand for several problems, which their paths tell apart. */
function titleOf({ code, details: { fields = [] } }: DomainError): string {
  return [code, ...fields.map(({ path }) => path)].join(' ')
}

function exampleOf(error: DomainError): { readonly summary: string; readonly value: ErrorBody } {
  return { summary: titleOf(error), value: errorBodyOf(error, '4f1c3e0a-6f0e-4c43-9b0e-0d6f1f5f8a11') }
}

// What is thrown where this library can't see, by adapters and by provisioning. test/openapi compares.

function systemRefused(): DomainError {
  const sentence = 'Another system refused this, or gave an answer that makes no sense. None of it was done.'
  return new DomainError('refused_elsewhere', 'system.refused', sentence)
}

function keyErrors(): readonly DomainError[] {
  return [idempotencyKeyInvalid(), operationInProgress(), idempotencyKeyReused()]
}

function operationInProgress(): DomainError {
  const sentence = 'Another operation on the same thing is still in progress. Try again when it has ended.'
  return new DomainError('conflict', 'operation.in_progress', sentence, { retryAfter: 1 })
}

function idempotencyKeyReused(): DomainError {
  const sentence = 'This Idempotency-Key has been used for another request: take a new one.'
  return new DomainError('unprocessable', 'idempotency.key_reused', sentence)
}

function operationUnfinished(): DomainError {
  const operation = '0b9b1f0e-55a1-4d6c-8a54-5b1f6a1f2c3d'
  return new DomainError(
    'unfinished',
    'operation.unfinished',
    `The operation could not be finished. It will be settled later, and /operations/${operation} says how it stands; until then its names stay taken.`,
    { operation },
  )
}
