const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'])

/** Classes of SQLSTATE: connection exceptions, too many connections, server going down or coming up, cancelled by a time-out. */
const serverStates = /^(08|53300|57P0[1-4]|57014)/

/** What pg itself says, without a code: a pool with no free connection, a connection that broke, a query without an answer. */
const driverMessages =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable|server closed the connection/

/** Whether the database can't be asked at all, which has nothing to do with the question. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.some(isConnectionFailure)) return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return networkCodes.has(code) || serverStates.test(code) || driverMessages.test(error.message)
}
