import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'
import type { ObjectField } from './field.ts'
import { jsonSchemaOf } from './json-schema-of.ts'

/** The description as OpenAPI 3.0 can say it, which knows neither patterns of keys nor two types of one value. */
export function openApiSchemaOf(root: ObjectField): JsonObject {
  const { definitions: _, ...schema } = jsonSchemaOf(root)
  return said(schema)
}

function said(schema: JsonObject): JsonObject {
  if ('$ref' in schema) return { type: 'object', description: 'The same once more.' }
  const { type, items, properties, patternProperties, additionalProperties, ...rest } = schema
  const parts = {
    ...(isPlainObject(items) && { items: said(items) }),
    ...(isPlainObject(properties) && { properties: eachSaid(properties) }),
    ...othersSaid(patternProperties, additionalProperties),
  }
  return Array.isArray(type) ? alternatives(type, rest, parts) : { type, ...rest, ...parts }
}

function eachSaid(schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([key, schema]) => (isPlainObject(schema) ? [[key, said(schema)]] : [])),
  )
}

function othersSaid(patterns: unknown, others: unknown): JsonObject {
  const named = isPlainObject(patterns) ? Object.values(patterns)[0] : undefined
  const schema = named ?? others
  if (isPlainObject(schema)) return { additionalProperties: said(schema) }
  return schema === false ? { additionalProperties: false } : {}
}

function alternatives(types: readonly unknown[], rest: JsonObject, parts: JsonObject): JsonObject {
  const { enum: choices, ...described } = rest
  const { items, ...object } = parts
  const each = types.map((type) => ({
    type,
    ...(Array.isArray(choices) && { enum: choices.filter((choice) => typeof choice === type) }),
    ...(type === 'array' && { items }),
    ...(type === 'object' && object),
  }))
  return { ...described, oneOf: each }
}
