import { isPlainObject } from '#kernel'
import type { Upload } from '../application/intake.ts'
import type { FileFormat } from '../domain/file-format.ts'
import { fileTypeUnknown } from '../domain/import-errors.ts'

type Headers = Readonly<Record<string, unknown>>

const formats: ReadonlyMap<string, FileFormat> = new Map([
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
])
const packings: ReadonlyMap<string, boolean> = new Map([
  ['', false],
  ['identity', false],
  ['gzip', true],
  ['x-gzip', true],
])
const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii'])

/** What a request sends as its body, by its headers. */
export function uploadedFile(
  headers: Headers,
  body: unknown,
): Omit<Upload, 'columnNames'> & { readonly format: FileFormat } {
  const [type = '', ...parameters] = textOf(headers['content-type'])
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length)
  const format = formats.get(type)
  const isPacked = packings.get(textOf(headers['content-encoding']).trim().toLowerCase())
  const isReadable = charset === undefined || charsets.has(charset.replaceAll('"', ''))
  if (format === undefined || isPacked === undefined || !isReadable || !isStream(body)) throw fileTypeUnknown()
  return { format, isPacked, chunks: body }
}

/** Whether a body wasn't read yet. */
function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return isPlainObject(body) && Symbol.asyncIterator in body
}

function textOf(header: unknown): string {
  return typeof header === 'string' ? header : ''
}
