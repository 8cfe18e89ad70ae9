interface Described {
  /** For the documentation. */
  readonly about: string
  readonly required?: boolean
  /** What an absent key becomes. */
  readonly default?: unknown
}

/** Lengths are in characters. */
export interface TextField extends Described {
  readonly kind: 'text'
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly choices?: readonly string[]
  /** Only `email` is checked: the others say what is meant. */
  readonly format?: 'email' | 'uri' | 'regex'
}

export interface FlagField extends Described {
  readonly kind: 'flag'
  /** Words that may stand there instead. */
  readonly or?: readonly string[]
}

export interface IntegerField extends Described {
  readonly kind: 'integer'
  readonly min?: number
  readonly max?: number
}

export interface ListField extends Described {
  readonly kind: 'list'
  readonly items: Field
  readonly unique?: boolean
}

export interface ObjectField extends Described {
  readonly kind: 'object'
  readonly fields: Readonly<Record<string, Field>>
  /** What stands under keys that match a pattern. */
  readonly named?: { readonly pattern: string; readonly field: Field }
  /** What stands under all other keys: anything, if it isn't said. */
  readonly others?: Field | 'none'
}

/** One thing, or a list of such. */
export interface OneOrManyField extends Described {
  readonly kind: 'one_or_many'
  readonly of: ObjectField
}

/** The object with this name once more, as deep as the document goes. */
export interface RecurringField extends Described {
  readonly kind: 'recurring'
  readonly name: string
  readonly field: () => ObjectField
}

/** What the dialect knows of one key of a document: its check, its default and its documentation are made of it. */
export type Field = TextField | FlagField | IntegerField | ListField | ObjectField | OneOrManyField | RecurringField

type Rest<F extends Field, Named extends keyof F = never> = Omit<F, 'kind' | 'about' | Named>

export function text(about: string, rest: Rest<TextField> = {}): TextField {
  return { kind: 'text', about, ...rest }
}

export function flag(about: string, rest: Rest<FlagField> = {}): FlagField {
  return { kind: 'flag', about, ...rest }
}

export function integer(about: string, rest: Rest<IntegerField> = {}): IntegerField {
  return { kind: 'integer', about, ...rest }
}

export function listOf(items: Field, about: string, rest: Rest<ListField, 'items'> = {}): ListField {
  return { kind: 'list', about, items, ...rest }
}

export function object(
  about: string,
  fields: ObjectField['fields'],
  rest: Rest<ObjectField, 'fields'> = {},
): ObjectField {
  return { kind: 'object', about, fields, ...rest }
}

export function oneOrMany(of: ObjectField, about: string): OneOrManyField {
  return { kind: 'one_or_many', about, of }
}

export function recurring(name: string, field: () => ObjectField, about: string): RecurringField {
  return { kind: 'recurring', about, name, field }
}
