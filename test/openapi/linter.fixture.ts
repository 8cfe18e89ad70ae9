import { createConfig, lintFromString } from '@redocly/openapi-core'
import type { ApiDocument, PlacedOperation, Schema } from './api-document.fixture.ts'

const name = 'openapi.json'

/** All rules of the linter count, but for these. */
const off = {
  // the contract's own names, most of them older than kitter
  'boolean-parameter-prefixes': 'off',
  'path-segment-plural': 'off',
  'paths-kebab-case': 'off',
  // files come as what they are
  'request-mime-type': {
    severity: 'error',
    allowedValues: ['application/json', 'text/csv', 'application/x-ndjson'],
  },
  // the contract's own error shape
  'operation-4xx-problem-details-rfc7807': 'off',
  // what matters most stands first
  'tags-alphabetical': 'off',
  // lengths are rules for those who send; those of requests are checked, the answers' needn't be told
  'required-string-property-missing-min-length': 'off',
} as const

/** The probes refuse nobody. */
const ignored = { 'operation-4xx-response': new Set(['liveness', 'readiness'].map(responsesOfProbe)) }

function responsesOfProbe(probe: string): string {
  return `#/paths/~1health~1${probe}/get/responses`
}

const strict = createConfig({ extends: ['all'], rules: off }, { ignore: { [name]: ignored } })
const examplesOnly = createConfig({ rules: { 'no-invalid-media-type-examples': 'error' } })

/** What a well-kept linter finds wrong with the document, examples that don't fit their schemas included. */
export async function problemsOf(document: object): Promise<string[]> {
  return lint(document, await strict)
}

/**
 * How a real answer differs from what the document says of it. The linter judges it as if it were the example: missing
 * fields, other types, and fields that the document doesn't know.
 */
export async function differencesOf(
  { info, openapi, components }: ApiDocument,
  { path, method, responses }: PlacedOperation,
  { status, body }: { readonly status: number; readonly body: unknown },
): Promise<string[]> {
  const response = responses[status]
  if (response === undefined) return [`the status ${status} is not documented`]
  const schema = response.content?.['application/json'].schema
  if (schema === undefined) return body === undefined ? [] : ['a body is not documented']
  if (body === undefined) return ['there is no body']
  const content = { 'application/json': { schema, example: body } }
  const operation = { responses: { [status]: { ...response, content } } }
  const excerpt = {
    openapi,
    info,
    paths: { [path]: { [method.toLowerCase()]: operation } },
    components: closed(components),
  }
  return lint(excerpt, await examplesOnly)
}

/** The linter takes it for granted that answers may have more fields than are known, below the uppermost ones. */
function closed({ schemas }: ApiDocument['components']): object {
  const open = ({ properties, additionalProperties }: Schema): boolean =>
    properties !== undefined && additionalProperties === undefined
  const entries = Object.entries(schemas)
  return {
    schemas: Object.fromEntries(
      entries.map(([of, schema]) => [of, open(schema) ? { ...schema, additionalProperties: false } : schema]),
    ),
  }
}

async function lint(document: object, config: Awaited<ReturnType<typeof createConfig>>): Promise<string[]> {
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: name, config })
  return problems
    .filter((problem) => problem.ignored !== true)
    .map(({ ruleId, message, location }) => `${location[0]?.pointer ?? ''} ${ruleId}: ${message}`)
}
