import type { IncomingMessage, Server } from 'node:http'

/** wac-core takes paths with and without a slash at the end, and its documents show both. */
export function ignoreTrailingSlash(server: Server): void {
  server.prependListener('request', (request: IncomingMessage) => {
    request.url = request.url?.replace(/(?<=.)\/(?=\?|$)/, '')
  })
}
