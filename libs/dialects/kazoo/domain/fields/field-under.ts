import type { Field, ObjectField } from './field.ts'

/** What stands under a key of an object, as far as it's said. */
export function fieldUnder({ fields, named, others }: ObjectField, key: string): Field | undefined {
  if (Object.hasOwn(fields, key)) return fields[key]
  if (named !== undefined && new RegExp(named.pattern, 'u').test(key)) return named.field
  return others === 'none' ? undefined : others
}
