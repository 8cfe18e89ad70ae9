import { Injectable } from '@nestjs/common'
import { below, DomainError, type FieldProblem, isPlainObject } from '#kernel'
import { changedUserOf, CreateUserFields, newUserOf } from '#core/users'
import { RequestPipe } from '#rest'
import { ForeignDocuments } from '../application/foreign-documents.ts'
import type { FileRow } from '../application/row-files.ts'
import { type DescribedUser, type ReadRow, UserRows } from '../application/user-rows.ts'
import type { Import } from '../domain/import.ts'
import type { Columns } from '../domain/user-columns.ts'
import { bodyOfCells, unmarked, unwrapped } from './cells.ts'
import { ImportedCredentials, passwordOf } from './imported-credentials.ts'

type Body = Readonly<Record<string, unknown>>

const longestName = 255

/** Reads the users of rows by the rules of `POST /users`, or of the dialect whose documents they are. */
@Injectable()
export class ReadUserRows extends UserRows {
  private readonly pipe = new RequestPipe()

  constructor(private readonly documents: ForeignDocuments) {
    super()
  }

  override read({ content, problem }: FileRow, { columns, policy }: Pick<Import, 'columns' | 'policy'>): ReadRow {
    if ('cells' in content) return this.readCells(content.cells, columns, problem)
    if (problem !== undefined) return { username: undefined, unreadable: problem }
    if (!isPlainObject(content.value)) return { username: undefined, unreadable: 'The row must be a JSON object.' }
    if (policy.from !== undefined) {
      return this.documents.of(policy.from.dialect).read(unmarked(content.value), policy.from.domain)
    }
    const body = unwrapped(content.value)
    return { username: shown(body['username']), ...this.described(body) }
  }

  override nameOf(path: string, { format, policy }: Pick<Import, 'format' | 'policy'>): string {
    const inBody = path.replace(/^user\./, '')
    return format === 'csv' || policy.from !== undefined ? flatNameOf(inBody) : inBody
  }

  private readCells(cells: readonly string[], columns: Columns, problem: string | undefined): ReadRow {
    const username = shown(cells[columns.indexOf('username')]?.trim())
    const unreadable = problem ?? sizeProblem(cells, columns)
    if (unreadable !== undefined) return { username, unreadable }
    const read = bodyOfCells(cells, columns)
    if ('problems' in read) return { username, ...read }
    const described = this.described(read.body)
    return 'problems' in described
      ? {
          username,
          problems: described.problems.map((one) => ({ ...one, path: flatNameOf(one.path) })),
        }
      : { username, ...described }
  }

  private described(
    body: Body,
  ): { readonly described: DescribedUser } | { readonly problems: readonly FieldProblem[] } {
    const { credentials, ...fields } = body
    const user = parsed(
      () => this.pipe.transform(fields, { type: 'body', metatype: CreateUserFields }),
      CreateUserFields,
    )
    const secret = this.credentialsIn(credentials)
    const problems = [...('problems' in user ? user.problems : []), ...('problems' in secret ? secret.problems : [])]
    if ('problems' in user || 'problems' in secret) return { problems }
    const password = secret.value && passwordOf(secret.value)
    return {
      described: {
        user: { ...newUserOf({ user: user.value }), password },
        change: changeOf(user.value, password),
      },
    }
  }

  private credentialsIn(value: unknown): Parsed<ImportedCredentials | undefined> {
    if (value === undefined) return { value: undefined }
    if (!isPlainObject(value)) return { problems: [{ path: 'credentials', problem: 'must be an object' }] }
    const read = parsed(
      () => this.pipe.transform(value, { type: 'body', metatype: ImportedCredentials }),
      ImportedCredentials,
    )
    if ('problems' in read) return { problems: below('credentials', read.problems) }
    if (passwordOf(read.value) !== undefined) return read
    return { problems: [{ path: 'credentials', problem: 'must have either a password or a password_hash' }] }
  }
}

/** Of what isn't nested there. */
function flatNameOf(path: string): string {
  return path.replace(/^(attributes\.(?=(domain|phone_number)$)|credentials\.)/, '')
}

type Parsed<Value> = { readonly value: Value } | { readonly problems: readonly FieldProblem[] }

function parsed<Value>(parse: () => unknown, type: new () => Value): Parsed<Value> {
  try {
    const value = parse()
    if (value instanceof type) return { value }
    throw new Error(`the request pipe gave no ${type.name}`)
  } catch (error) {
    if (error instanceof DomainError && error.details.fields !== undefined) return { problems: error.details.fields }
    throw error
  }
}

/** All that the row says, but for its name and domain: those tell whom it means. */
function changeOf(fields: CreateUserFields, password: DescribedUser['user']['password']): DescribedUser['change'] {
  const { username: _, sip_mapping: mapping, attributes, id: __, ...others } = fields
  if (mapping !== undefined) {
    return {
      problems: [{ path: 'sip_mapping', problem: "is for new users only: another's SIP mapping can't be changed" }],
    }
  }
  const { domain: ___, ...kept } = attributes ?? {}
  const { change } = changedUserOf({ ...others, attributes: kept })
  return () => ({ change, password })
}

function sizeProblem(cells: readonly string[], columns: Columns): string | undefined {
  if (cells.length === columns.length) return undefined
  return `The row has ${cells.length} cell${cells.length === 1 ? '' : 's'} where the first line has ${columns.length}.`
}

/** As much of a name as there can be. */
function shown(username: unknown): string | undefined {
  if (typeof username !== 'string' || username === '') return undefined
  return username.slice(0, longestName).toWellFormed()
}
