import type { Field, ObjectField } from './field.ts'

export interface ListedField {
  /** Dotted; `[]` is each item of a list, `/pattern/` each key that matches, `*` each other key. */
  readonly path: string
  /** As in Kazoo's documentation: `string(1..35)`, `array(string('a' | 'b'))`. */
  readonly type: string
  readonly about: string
  readonly default: unknown
  readonly required: boolean
}

/** Every field below an object. */
export function fieldList(root: ObjectField): readonly ListedField[] {
  return inside(root, '')
}

function inside(field: Field, path: string): readonly ListedField[] {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`)
  switch (field.kind) {
    case 'object': {
      const { fields, named, others } = field
      return [
        ...Object.entries(fields).flatMap(([key, each]) => listed(each, below(key))),
        ...(named ? listed(named.field, below(`/${named.pattern}/`)) : []),
        ...(others && others !== 'none' ? listed(others, below('*')) : []),
      ]
    }
    case 'list':
      return listed(field.items, below('[]'))
    case 'one_or_many':
      return inside(field.of, path)
    case 'text':
    case 'flag':
    case 'integer':
    case 'recurring':
      return []
  }
}

function listed(field: Field, path: string): readonly ListedField[] {
  const { about, required = false, default: standard } = field
  return [{ path, type: typeOf(field), about, default: standard, required }, ...inside(field, path)]
}

function typeOf(field: Field): string {
  switch (field.kind) {
    case 'text':
      return textType(field)
    case 'flag':
      return field.or ? `boolean() | string(${choicesOf(field.or)})` : 'boolean()'
    case 'integer':
      return field.min === undefined ? 'integer()' : `integer(${field.min}..${field.max ?? ''})`
    case 'list':
      return `array(${typeOf(field.items)})`
    case 'object':
      return 'object()'
    case 'one_or_many':
      return 'array(object()) | object()'
    case 'recurring':
      return field.name
  }
}

function textType({ min = 0, max, choices }: Extract<Field, { kind: 'text' }>): string {
  if (choices) return `string(${choicesOf(choices)})`
  return max === undefined ? 'string()' : `string(${min}..${max})`
}

function choicesOf(choices: readonly string[]): string {
  return choices.map((choice) => `'${choice}'`).join(' | ')
}
