import { expect } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'

export interface Refusal {
  readonly status: number
  readonly code: string
  /** The paths of all that is wrong, in any order; none where the refusal isn't about fields. */
  readonly fields?: readonly string[]
}

interface ErrorAnswer {
  readonly error: string
  readonly code: string
  readonly request_id: string
  readonly fields?: readonly { readonly path: string; readonly problem: string }[]
}

/** What only somebody who looks inside kitter could know. */
const internals =
  /\n\s+at |node_modules|\.[cm]?[jt]s\b|dist\/|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b|\bkitter\.(users|domains)|relation "|violates|duplicate key|typeorm|fastify|nestjs|FST_ERR|ECONN|HPE_|TypeError|SyntaxError|Unexpected token|JSON at position/i

/** That an answer is this refusal, in the one shape that all have, and tells nothing of kitter's inside. */
export function expectRefusal(answer: Answer, { status, code, fields }: Refusal, what = ''): void {
  const body = answer.body as ErrorAnswer | undefined
  const seen = { status: answer.status, code: body?.code, what, text: answer.text.slice(0, 300) }
  expect(seen).toMatchObject({ status, code })
  expect(answer.headers.get('content-type'), what).toBe('application/json; charset=utf-8')
  if (body === undefined) return
  expect(Object.keys(body), what).toEqual(['error', 'code', 'request_id', ...(fields ? ['fields'] : [])])
  expect(body.request_id, what).toMatch(/^[\w.:-]{1,128}$/)
  expect(body.request_id, what).toBe(answer.headers.get('x-request-id'))
  expect(body.error, what).toMatch(/^[A-Za-z].*\.$/s)
  expect(kittersOwnWords(body), what).not.toMatch(internals)
  if (fields !== undefined) expectFields(body, fields, what)
}

function expectFields({ fields = [] }: ErrorAnswer, paths: readonly string[], what: string): void {
  expect(fields.map(({ path }) => path).toSorted(), what).toEqual([...paths].toSorted())
  for (const field of fields) {
    expect(Object.keys(field), what).toEqual(['path', 'problem'])
    expect(field.problem, what).not.toBe('')
  }
}

/** Paths, which sentences about fields repeat, are the caller's. */
function kittersOwnWords({ error, fields }: ErrorAnswer): string {
  return fields === undefined ? error : fields.map(({ problem }) => problem).join('\n')
}

export const invalid = (...fields: readonly string[]): Refusal => ({ status: 400, code: 'request.invalid', fields })
export const malformed: Refusal = { status: 400, code: 'request.malformed' }
export const tooLarge: Refusal = { status: 413, code: 'request.too_large' }
export const wrongMediaType: Refusal = { status: 415, code: 'request.media_type' }
export const nothingThere: Refusal = { status: 404, code: 'route.unknown' }
