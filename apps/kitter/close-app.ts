import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Logger } from 'pino'

/** How long running requests may take to their end: longer than any statement or claim, shorter than anybody's patience. */
const longestRequestMs = 15_000

const betweenLooksMs = 100

/** Lets running requests end, takes no new ones, and gives back what the app holds. */
export async function closeApp(
  app: NestFastifyApplication,
  logger: Logger,
  signal: NodeJS.Signals | undefined,
): Promise<void> {
  const server = app.getHttpServer()
  // Node closes connections that are idle when it begins to close; those that get idle later would keep it for 72 seconds.
  // As long as it still listens, whoever has one hasn't been told yet, and may be sending on it
  const idle = setInterval(() => {
    if (!server.listening) server.closeIdleConnections()
  }, betweenLooksMs)
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) =>
    response.setHeader('connection', 'close'),
  )
  const late = setTimeout(() => {
    logger.warn(`kitter ends the requests that still run after ${longestRequestMs / 1000} seconds`)
    server.closeAllConnections()
  }, longestRequestMs)
  const closing: { close(signal?: string): Promise<void> } = app
  try {
    await closing.close(signal)
  } finally {
    clearInterval(idle)
    clearTimeout(late)
  }
}
