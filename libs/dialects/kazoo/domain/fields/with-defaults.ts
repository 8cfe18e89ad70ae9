import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'
import type { ObjectField } from './field.ts'

/**
 * The document with its defaults: first what is absent, then, within objects that are there now, what is absent in them. An
 * object without a default of its own, such as `call_forward`, gets none of its fields' defaults while it's absent.
 */
export function withDefaults(field: ObjectField, document: JsonObject): JsonObject {
  const absent = Object.entries(field.fields).flatMap(([key, { default: standard }]) =>
    standard === undefined || Object.hasOwn(document, key) ? [] : [[key, standard] as const],
  )
  const filled = [...Object.entries(document), ...absent].map(([key, value]) => {
    const below = Object.hasOwn(field.fields, key) ? field.fields[key] : undefined
    return [key, below?.kind === 'object' && isPlainObject(value) ? withDefaults(below, value) : value] as const
  })
  return Object.fromEntries(filled)
}
