/** As much of an OpenAPI document as these tests look at. */
export interface ApiDocument {
  readonly openapi: string
  readonly info: Readonly<Record<string, unknown>>
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly securitySchemes: object }
}

export interface Schema {
  readonly type?: string
  readonly nullable?: boolean
  readonly example?: unknown
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
}

export interface Content {
  readonly schema?: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema & Readonly<Record<string, unknown>>
}

export interface DocumentedAnswer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: { readonly 'application/json': Content }
}

export interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<Record<string, DocumentedAnswer>>
}

/** An operation, and where it is. */
export interface PlacedOperation extends Operation {
  readonly method: string
  readonly path: string
}

export function operationsOf({ paths }: ApiDocument): readonly PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
}

/** What an error answer shows. */
export interface ErrorExample {
  readonly status: number
  /** Its code, and the paths of its fields where it has some. */
  readonly title: string
  readonly value: { readonly error: string; readonly code: string; readonly operation?: string }
}

export function errorsOf({ responses }: Operation): readonly ErrorExample[] {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    Number(status) < 400
      ? []
      : Object.entries(content?.['application/json'].examples ?? {}).map(([title, { value }]) => ({
          status: Number(status),
          title,
          value: value as ErrorExample['value'],
        })),
  )
}

/** The bodies that the document shows, in its order. */
export function bodiesOf({ requestBody }: Operation): readonly unknown[] {
  return Object.values(requestBody?.content['application/json']?.examples ?? {}).map(({ value }) => value)
}

export function statusesOf({ responses }: Operation): readonly number[] {
  return Object.keys(responses).map(Number)
}

/** The path with its parameters as given, the others as in their examples. */
export function pathOf({ path, parameters }: PlacedOperation, given: Readonly<Record<string, string>> = {}): string {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((filled, { name, schema }) => {
      const value = given[name] ?? String(schema.example)
      return filled.replace(`{${name}}`, value)
    }, path)
}
