import type { QueryFailedError } from 'typeorm'

/**
 * A statement that Postgres refused. TypeORM's own error carries the statement's parameters, among which may be people's
 * data and secrets, into whatever logs it; this one only says what went wrong.
 */
export class StatementError extends Error {
  readonly sqlState: string | undefined
  readonly constraint: string | undefined

  constructor(failure: Pick<QueryFailedError, 'message' | 'driverError'>) {
    const sqlState = textOf(failure.driverError, 'code')
    super(`the database refused a statement: ${withoutValues(failure.message, sqlState)}`)
    this.name = 'StatementError'
    this.sqlState = sqlState
    this.constraint = textOf(failure.driverError, 'constraint')
  }
}

/** Postgres quotes the value itself where it's about one (SQLSTATE class 22), in the quotation marks of its language. */
function withoutValues(message: string, sqlState: string | undefined): string {
  return sqlState?.startsWith('22') ? message.replace(/["“”„«»].*["“”„«»]/s, '"…"') : message
}

function textOf(error: Error, field: string): string | undefined {
  const value: unknown = Reflect.get(error, field)
  return typeof value === 'string' ? value : undefined
}
