import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'
import { wrongType } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'

export interface RequestEnvelope {
  /** An object or a list; an empty object where there is none. */
  readonly data: JsonObject | readonly unknown[]
}

/** What a body says, whose own keys may be written in any case; without a body, nothing. */
export function requestEnvelope(body: unknown): RequestEnvelope {
  if (body === undefined || body === '') return requestEnvelope({})
  if (!isPlainObject(body) || body instanceof Uint8Array) throw new InvalidDocument([wrongType(['body'], ['object'])])
  const envelope = Object.fromEntries(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]))
  const { data = {} } = envelope
  if (!isPlainObject(data) && !isList(data)) throw new InvalidDocument([wrongType(['data'], ['object', 'array'])])
  return { data }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
