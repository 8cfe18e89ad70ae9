import type { QueryFailedError } from 'typeorm'

/**
 * A statement that Postgres refused. TypeORM's own error carries the statement's parameters, among which may be people's
 * data and secrets, into whatever logs it; this one only says what went wrong.
 */
export class StatementError extends Error {
  readonly sqlState: string | undefined
  readonly constraint: string | undefined

  constructor(failure: QueryFailedError) {
    super(`the database refused a statement: ${failure.message}`)
    this.name = 'StatementError'
    this.sqlState = textOf(failure.driverError, 'code')
    this.constraint = textOf(failure.driverError, 'constraint')
  }
}

function textOf(error: Error, field: string): string | undefined {
  const value: unknown = Reflect.get(error, field)
  return typeof value === 'string' ? value : undefined
}
