import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'
import type { Field, ObjectField } from './field.ts'
import { fieldUnder } from './field-under.ts'

const integerText = /^[+-]?\d{1,15}$/

/** The document in which a text that says `true`, `false` or a number stands for it, where one is wanted. */
export function coerced(field: ObjectField, document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => {
      const below = fieldUnder(field, key)
      return [key, below === undefined ? value : coercedValue(below, value)]
    }),
  )
}

function coercedValue(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'text':
      return value
    case 'flag':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'integer':
      return typeof value === 'string' && integerText.test(value) ? Number(value) : value
    case 'list':
      return Array.isArray(value) ? value.map((item) => coercedValue(field.items, item)) : value
    case 'object':
      return isPlainObject(value) ? coerced(field, value) : value
    case 'one_or_many':
      return Array.isArray(value) ? value.map((item) => coercedValue(field.of, item)) : coercedValue(field.of, value)
    case 'recurring':
      return coercedValue(field.field(), value)
  }
}
