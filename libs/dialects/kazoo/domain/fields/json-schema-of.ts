import type { JsonObject } from '../json-object.ts'
import type { Field, ObjectField } from './field.ts'

/** The description as a JSON Schema (draft 7), in which recurring objects are definitions. */
export function jsonSchemaOf(root: ObjectField): JsonObject {
  const definitions = new Map<string, JsonObject>()
  const schema = schemaOf(root, definitions)
  return definitions.size === 0 ? schema : { ...schema, definitions: Object.fromEntries(definitions) }
}

type Definitions = Map<string, JsonObject>

function schemaOf(field: Field, definitions: Definitions): JsonObject {
  const described = { description: field.about, ...(field.default !== undefined && { default: field.default }) }
  switch (field.kind) {
    case 'text':
      return { ...described, type: 'string', ...textRules(field) }
    case 'flag':
      return { ...described, ...flagRules(field.or) }
    case 'integer':
      return { ...described, type: 'integer', ...defined({ minimum: field.min, maximum: field.max }) }
    case 'list':
      return {
        ...described,
        type: 'array',
        items: schemaOf(field.items, definitions),
        ...(field.unique === true && { uniqueItems: true }),
      }
    case 'object':
      return { ...described, type: 'object', ...objectRules(field, definitions) }
    case 'one_or_many': {
      const one = objectRules(field.of, definitions)
      return { ...described, type: ['array', 'object'], items: schemaOf(field.of, definitions), ...one }
    }
    case 'recurring':
      define(field.name, field.field, definitions)
      return { $ref: `#/definitions/${field.name}` }
  }
}

function textRules({ min, max, pattern, choices, format }: Extract<Field, { kind: 'text' }>): JsonObject {
  return defined({ minLength: min, maxLength: max, pattern, enum: choices, format })
}

function flagRules(words: readonly string[] | undefined): JsonObject {
  return words === undefined ? { type: 'boolean' } : { type: ['boolean', 'string'], enum: [true, false, ...words] }
}

function objectRules({ fields, named, others }: ObjectField, definitions: Definitions): JsonObject {
  const required = Object.entries(fields).filter(([, field]) => field.required === true)
  const properties = Object.entries(fields).map(([key, field]) => [key, schemaOf(field, definitions)] as const)
  return {
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required: required.map(([key]) => key) }),
    ...(named && { patternProperties: { [named.pattern]: schemaOf(named.field, definitions) } }),
    ...(others && { additionalProperties: others === 'none' ? false : schemaOf(others, definitions) }),
  }
}

function define(name: string, field: () => ObjectField, definitions: Definitions): void {
  if (definitions.has(name)) return
  // known before it's made: it's met again within itself
  definitions.set(name, {})
  definitions.set(name, schemaOf(field(), definitions))
}

function defined(rules: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined))
}
