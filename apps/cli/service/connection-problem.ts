import { counted } from '../output/counted.ts'
import { printable } from '../output/printable.ts'

const broken = 'breaks off connections'
const unknownHost = 'has a host name that is not known'

const problems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EHOSTUNREACH: 'can not be reached',
  ENETUNREACH: 'can not be reached',
  ETIMEDOUT: 'can not be reached',
  UND_ERR_CONNECT_TIMEOUT: 'can not be reached',
}

/** What a failed `fetch` says about the service, to stand after "The service at … ". */
export function connectionProblem(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return 'can not be reached'
  if (error.name === 'TimeoutError') return `does not answer within ${counted(timeout / 1000, 'second')}`
  const cause = error.cause instanceof Error ? error.cause : error
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  if (code.startsWith('HPE_')) return 'does not speak HTTP'
  return problems[code] ?? `can not be reached (${printable(code === '' ? cause.message : code)})`
}
