import { type Logger, pino } from 'pino'
import { requestContext } from './request-context.ts'

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

export function createLogger({ level, readable }: LoggerSettings): Logger {
  return pino({
    level,
    base: null,
    redact: { paths: redacted, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const context = requestContext.getStore()
      return context === undefined ? {} : { request_id: context.requestId }
    },
    ...(readable && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'context', singleLine: true, translateTime: 'SYS:HH:MM:ss' },
      },
    }),
  })
}
