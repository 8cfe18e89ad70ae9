import type { FieldProblem } from '#kernel'
import { hasBracketsField } from './field.ts'

const inBrackets = /^([^[]+)\[(.+)\]$/su

type Named = readonly [name: string, key: string]

function named(request: object, name: string): Named | undefined {
  const [, field = '', key = ''] = inBrackets.exec(name) ?? []
  return hasBracketsField(request, field) ? [field, key] : undefined
}

/** Whether `contains[username]` is for a field `contains` of the request. */
export function isInBrackets(request: object, name: string): boolean {
  return named(request, name) !== undefined
}

/** `contains[username]=x&contains[email]=y` as the values of one field. */
export function intoBrackets(
  request: object,
  plain: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const fields = new Map<string, Readonly<Record<string, unknown>>>()
  for (const [name, value] of Object.entries(plain)) {
    const [field, key] = named(request, name) ?? []
    // fromEntries and spreading make `__proto__` a key like any other
    if (field !== undefined && key !== undefined)
      fields.set(field, { ...fields.get(field), ...Object.fromEntries([[key, value]]) })
  }
  return fields
}

/** Problems of such a field, with their paths as the caller wrote them. */
export function bracketed(field: string, problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.map(({ path, problem }) => ({ path: path === '' ? field : `${field}[${path}]`, problem }))
}
