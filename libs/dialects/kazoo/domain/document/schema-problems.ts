import { Ajv, type ErrorObject } from 'ajv'
import { isPlainObject } from '#kernel'
import { checkEmail } from '#core/users'
import type { ObjectField } from '../fields/field.ts'
import { jsonSchemaOf } from '../fields/json-schema-of.ts'
import type { JsonObject } from '../json-object.ts'
import {
  notAmong,
  notKnown,
  notMatching,
  notUniqueItems,
  required,
  tooLarge,
  tooLong,
  tooShort,
  tooSmall,
  unfit,
  wrongFormat,
  wrongType,
} from '../problems/found-problems.ts'
import type { FoundProblem } from '../problems/problem.ts'

const formats = {
  email: (value: string) => checkEmail(value).length === 0,
  // regular expressions are Erlang's there, and JavaScript can't say whether they are any good
  regex: true,
  uri: true,
} as const

/** Makes the check of a whole document: it says everything that is wrong. The schema is compiled once. */
export function schemaCheck(field: ObjectField): (document: JsonObject) => readonly FoundProblem[] {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, ownProperties: true, formats })
  const validate = ajv.compile(jsonSchemaOf(field))
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(foundProblem))
}

function foundProblem({ keyword, instancePath, schema, data, params, message }: ErrorObject): FoundProblem {
  const path = pathOf(instancePath)
  switch (keyword) {
    case 'required':
      return required([...path, String(param(params, 'missingProperty'))])
    case 'additionalProperties':
      return notKnown([...path, String(param(params, 'additionalProperty'))])
    case 'type':
      return wrongType(path, listIn(schema).map(String))
    case 'enum':
      return notAmong(path, listIn(schema))
    case 'pattern':
      return notMatching(path, String(schema))
    case 'format':
      return wrongFormat(path, String(schema), data)
    case 'uniqueItems':
      return notUniqueItems(path)
    default:
      return limitProblem(keyword, path, Number(schema), data) ?? unfit(path, `Value ${message ?? 'is not valid'}`)
  }
}

function limitProblem(
  keyword: string,
  path: readonly string[],
  limit: number,
  data: unknown,
): FoundProblem | undefined {
  switch (keyword) {
    case 'minLength':
      return tooShort(path, limit, data)
    case 'maxLength':
      return tooLong(path, limit, data)
    case 'minimum':
      return tooSmall(path, limit, data)
    case 'maximum':
      return tooLarge(path, limit, data)
    default:
      return undefined
  }
}

/** Out of a JSON pointer. */
function pathOf(pointer: string): readonly string[] {
  const names = pointer.split('/').slice(1)
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function param(params: unknown, name: string): unknown {
  return isPlainObject(params) ? params[name] : undefined
}

function listIn(schema: unknown): readonly unknown[] {
  return Array.isArray(schema) ? schema : [schema]
}
