import { expect, it } from 'vitest'
import { flag, listOf, object, oneOrMany, text } from './field.ts'
import { openApiSchemaOf } from './open-api-schema-of.ts'
import { userFields } from './user-fields.ts'

it('says what OpenAPI 3.0 has words for', () => {
  const inner = object('One.', { a: text('A.', { max: 5 }) })
  const field = object(
    'All.',
    {
      either: flag('Either.', { or: ['auto'], default: false }),
      many: listOf(text('Each.'), 'Many.', { unique: true }),
      some: oneOrMany(inner, 'Some.'),
      closed: object('Closed.', {}, { others: 'none' }),
      open: object('Open.', {}, { named: { pattern: '.+', field: inner }, others: 'none' }),
    },
    { others: inner },
  )
  const one = {
    type: 'object',
    description: 'One.',
    properties: { a: { type: 'string', description: 'A.', maxLength: 5 } },
  }
  expect(openApiSchemaOf(field)).toEqual({
    type: 'object',
    description: 'All.',
    additionalProperties: one,
    properties: {
      either: {
        description: 'Either.',
        default: false,
        oneOf: [
          { type: 'boolean', enum: [true, false] },
          { type: 'string', enum: ['auto'] },
        ],
      },
      many: { type: 'array', description: 'Many.', uniqueItems: true, items: { type: 'string', description: 'Each.' } },
      some: {
        description: 'Some.',
        oneOf: [
          { type: 'array', items: one },
          { type: 'object', properties: one.properties },
        ],
      },
      closed: { type: 'object', description: 'Closed.', additionalProperties: false },
      open: { type: 'object', description: 'Open.', additionalProperties: one },
    },
  })
})

it('refers to nothing, and knows no patterns of keys, in the whole of a user', () => {
  expect(JSON.stringify(openApiSchemaOf(userFields))).not.toMatch(/\$ref|definitions|patternProperties|"type":\[/)
})
