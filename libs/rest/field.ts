import { applyDecorators } from '@nestjs/common'
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger'
import { IsDefined, IsObject, ValidateIf, ValidateNested } from 'class-validator'
import type { Check } from '#kernel'
import { Satisfies } from './satisfies.ts'

const fieldKey = 'kitter:field'
const bracketsKey = 'kitter:brackets'

export type FieldsClass = new () => object

export type FieldOptions = ApiPropertyOptions & {
  readonly check: Check
  readonly required?: boolean
  /** `null` clears the field, or on a create says the same as its absence. */
  readonly nullable?: boolean
}

/** A field of a request: how it's checked and what the documentation says of it, in one place. */
export function Field({
  check,
  required = false,
  nullable = false,
  ...documentation
}: FieldOptions): PropertyDecorator {
  return applyDecorators(
    Reflect.metadata(fieldKey, undefined),
    ValidateIf((_, value: unknown) => required || !(value === undefined || (nullable && value === null))),
    Satisfies((value) => (value === undefined ? [{ path: '', problem: 'is required' }] : check(value))),
    // eslint-disable-next-line no-restricted-syntax -- the options are a union that spreading loses
    ApiProperty({ ...documentation, required, ...(nullable && { nullable }) } as ApiPropertyOptions),
  )
}

export type ObjectFieldOptions = {
  readonly type: () => FieldsClass
  readonly required?: boolean
  readonly description?: string
}

/** A field that is an object with fields of its own. */
export function ObjectField({ type, required = false, description = '' }: ObjectFieldOptions): PropertyDecorator {
  return applyDecorators(
    ValidateIf((_, value: unknown) => required || value !== undefined),
    IsDefined({ message: 'is required' }),
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    Reflect.metadata(fieldKey, type),
    ApiProperty({ type, required, description }),
  )
}

export type BracketsFieldOptions = {
  /** Of all values by what stands between the brackets. */
  readonly check: Check
  readonly description: string
  readonly example: Readonly<Record<string, string>>
}

/** A field of a query that is written `name[key]=value`, for any number of keys. */
export function BracketsField({ check, description, example }: BracketsFieldOptions): PropertyDecorator {
  const documentation = { type: 'object', additionalProperties: { type: 'string' }, description, example }
  return applyDecorators(
    Reflect.metadata(bracketsKey, true),
    ValidateIf((_, value: unknown) => value !== undefined),
    Satisfies(check),
    // eslint-disable-next-line no-restricted-syntax -- the options don't know what only parameters have
    ApiProperty({ ...documentation, required: false, style: 'deepObject', explode: true } as ApiPropertyOptions),
  )
}

/** Whether a request has a field of this name whose keys come in brackets. */
export function hasBracketsField(request: object, name: string): boolean {
  return Reflect.hasMetadata(bracketsKey, request, name)
}

/** Whether a request has a field of this name. */
export function hasField(request: object, name: string): boolean {
  return Reflect.hasMetadata(fieldKey, request, name)
}

/** The class of a request's field that is an object with fields of its own. */
export function classOfField(request: object, name: string): FieldsClass | undefined {
  const type: unknown = Reflect.getMetadata(fieldKey, request, name)
  return isTypeOfField(type) ? type() : undefined
}

function isTypeOfField(type: unknown): type is ObjectFieldOptions['type'] {
  return typeof type === 'function'
}
