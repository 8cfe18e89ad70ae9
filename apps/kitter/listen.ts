import type { AddressInfo } from 'node:net'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { StartError } from '#kernel'
import type { Configuration } from './configuration.ts'

/** Serves, and says where: the address that others on this machine reach it by, with the prefix. */
export async function listen(
  app: NestFastifyApplication,
  { HOST, PORT, HTTP_PREFIX }: Pick<Configuration, 'HOST' | 'PORT' | 'HTTP_PREFIX'>,
): Promise<string> {
  try {
    await app.listen(PORT, HOST)
  } catch (error) {
    throw new StartError(sentenceOf(error, HOST, PORT), { cause: error })
  }
  const { port } = addressOf(app)
  return `http://${reachable(HOST)}:${port}${HTTP_PREFIX}`
}

function addressOf(app: NestFastifyApplication): AddressInfo {
  const address = app.getHttpServer().address()
  if (address === null || typeof address === 'string') throw new Error('the server has no address')
  return address
}

/** A server on all addresses is reached on the loopback one; an IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function sentenceOf(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program: set PORT to a free one.`
    case 'EACCES':
      return `kitter may not serve on port ${port}: set PORT to one above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address ${host}: set HOST to one that it has.`
    default:
      return `kitter can't serve on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}.`
  }
}
