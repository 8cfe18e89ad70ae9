import { type DestinationStream, type Logger, pino } from 'pino'
import { requestContext } from './request-context.ts'
import { serializeError } from './serialize-error.ts'

export interface LoggerSettings {
  readonly level: string
  /** For people at a terminal; otherwise JSON lines. */
  readonly readable: boolean
}

/** Wherever they turn up, these never reach a log. */
const secrets = [
  'password',
  'credentials',
  'token',
  'authorization',
  'access_token',
  'refresh_token',
  'secret',
  'cookie',
]
const redacted = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export function createLogger({ level, readable }: LoggerSettings, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: redacted, censor: '[redacted]' },
    serializers: { err: serializeError },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const context = requestContext.getStore()
      return context === undefined ? {} : { request_id: context.requestId }
    },
  }
  return readable ? pino({ ...options, transport: readableForm }) : pino(options, destination ?? standardOutput())
}

const readableForm = {
  target: 'pino-pretty',
  options: { ignore: 'context', singleLine: true, translateTime: 'SYS:HH:MM:ss' },
}

const keptWhileFull = 1024 * 1024

/** A full disk costs lines, not the service. pino's own destination would throw at every line, and never let the process end. */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true, maxLength: keptWhileFull }).on('error', () => undefined)
}
