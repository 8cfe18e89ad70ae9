import type { ApiBodyOptions } from '@nestjs/swagger'
import type { ObjectField } from '../../domain/fields/field.ts'
import { openApiSchemaOf } from '../../domain/fields/open-api-schema-of.ts'
import { userAuthFields } from '../../domain/fields/user-auth-fields.ts'
import { userFields } from '../../domain/fields/user-fields.ts'
import type { JsonObject } from '../../domain/json-object.ts'

export type DataSchema = 'user' | 'part of a user' | 'signing in'
type BodySchema = Extract<ApiBodyOptions, { schema: unknown }>['schema']

const fields = {
  user: userFields,
  'part of a user': userFields,
  'signing in': userAuthFields,
} satisfies Record<DataSchema, ObjectField>

/** Of a body whose `data` is this. */
export function schemaOf(data: DataSchema): BodySchema {
  const { required, ...schema } = openApiSchemaOf(fields[data])
  const whole: JsonObject = {
    type: 'object',
    required: ['data'],
    properties: {
      data: data === 'part of a user' ? schema : { ...schema, required },
      auth_token: { type: 'string', description: 'Instead of the header.' },
      verb: { type: 'string', description: 'The method that a POST stands for.' },
    },
  }
  return whole
}
