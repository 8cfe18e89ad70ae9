import { expect } from 'vitest'

/** An answer with this status and exactly this body. */
export function answer(status: number, body: unknown): unknown {
  return expect.objectContaining({ status, body })
}

/** An error answer with exactly the body that all have; the sentence by its text or a pattern. */
export function refusal(status: number, code: string, sentence: string | RegExp = /\w/): unknown {
  return answer(status, bodyOf(code, sentence))
}

/** A 400 with exactly these problems; what is wrong with each is said in some words. */
export function invalid(...paths: readonly string[]): unknown {
  const fields = paths.map((path) => ({ path, problem: textLike(/\w/) }))
  return answer(400, { ...bodyOf('request.invalid', /^The request is not valid: .+\.$/s), fields })
}

/** A 400 with exactly this problem, in these words. */
export function invalidBecause(path: string, problem: string): unknown {
  const body = bodyOf('request.invalid', `The request is not valid: ${path} ${problem}.`)
  return answer(400, { ...body, fields: [{ path, problem }] })
}

/** Where in the request something is wrong, in alphabetical order. */
export function pathsIn(body: object): string[] {
  const { fields = [] }: { fields?: readonly { readonly path: string }[] } = body
  return fields.map(({ path }) => path).toSorted()
}

function bodyOf(code: string, sentence: string | RegExp): object {
  return { error: textLike(sentence), code, request_id: textLike(/^[\w.:-]+$/) }
}

function textLike(sentence: string | RegExp): unknown {
  return typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)
}
