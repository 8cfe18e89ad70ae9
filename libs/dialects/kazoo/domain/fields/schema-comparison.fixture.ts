// eslint-disable-next-line @typescript-eslint/no-explicit-any -- schemas of others, whose parts are looked into freely
type Json = any

/** Of a schema, what it asks for at each place: types, limits, defaults; not what it says to people. */
export type Asked = Record<string, unknown>

const limits = ['minLength', 'maxLength', 'minimum', 'maximum', 'enum', 'format', 'default', 'required', 'uniqueItems']

/** Flattens a schema. `find` gives those that it refers to; a metaflow within one is named, and followed no further. */
export function asked(schema: Json, find: (name: string) => Json, path = ''): Record<string, Asked> {
  if (schema.$ref === undefined) return flat(schema, find, path)
  const name = schema.$ref.replace('#/definitions/', '')
  const { $ref: _, ...beside } = schema
  return name === 'metaflow' ? { [path]: { is: name } } : flat({ ...find(name), ...beside }, find, path)
}

function flat(schema: Json, find: (name: string) => Json, path: string): Record<string, Asked> {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`)
  const merged = schema.oneOf ? oneOrMany(schema, find) : schema
  const { properties = {}, patternProperties = {}, items, additionalProperties: others } = merged
  const named = [
    ...Object.entries(properties),
    ...Object.entries(patternProperties).map(([pattern, each]) => [
      `/${pattern.replace('[:alnum:]', 'A-Za-z0-9')}/`,
      each,
    ]),
    ...(items === undefined ? [] : [['[]', items]]),
    ...(typeof others === 'object' ? [['*', others]] : []),
  ] as [string, Json][]
  return Object.assign({ [path]: own(merged) }, ...named.map(([key, each]) => asked(each, find, below(key)))) as Record<
    string,
    Asked
  >
}

/** A schema, or a list of such. */
function oneOrMany({ oneOf: [list, one], ...rest }: Json, find: (name: string) => Json): Json {
  return { ...rest, ...find(one.$ref), items: list.items, type: ['array', 'object'] }
}

function own(schema: Json): Asked {
  const { type = schema.enum && 'string', additionalProperties: others, pattern } = schema
  const told = limits.filter((limit) => schema[limit] !== undefined).map((limit) => [limit, schema[limit]])
  return { type, ...Object.fromEntries(told), ...(others === false && { others }), ...(pattern && { pattern }) }
}
