const networkCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
])

/**
 * SQLSTATEs: connection exceptions, an account or a database that is no longer there, too many connections, server going
 * down or coming up, cancelled by a time-out, a lock that somebody keeps.
 */
const serverStates = /^(08|28|3D000|53300|57P0[1-5]|57014|55P03)/

/**
 * What pg and TypeORM say themselves, without a code: a pool with no free connection, a connection that broke, a query
 * without an answer.
 */
const driverMessages =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|Query read timeout|not queryable|server closed the connection|Query runner already released/

/** Whether the database can't be asked at all, which has nothing to do with the question. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.some(isConnectionFailure)) return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code === '' ? driverMessages.test(error.message) : networkCodes.has(code) || serverStates.test(code)
}
