import type { Server } from 'node:http'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Logger } from 'pino'
import { StartError } from '#kernel'
import { createLogger, fastifyAdapter, NestLogger } from '#infrastructure/http'
import { addHooks } from './add-hooks.ts'
import { Faults } from './faults.ts'
import { ignoreTrailingSlash } from './ignore-trailing-slash.ts'
import { Outage } from './outage.ts'
import { WacCoreSandboxModule } from './wac-core-sandbox.module.ts'

export interface WacCoreSandboxOptions {
  readonly databaseUrl: string
  /** What callers have to send. */
  readonly token: string
  readonly host?: string
  /** 0 takes a free one. */
  readonly port: number
  readonly logger?: Logger
}

export interface RunningWacCoreSandbox {
  /** Of the service API: it ends in `/sapi`. */
  readonly url: string
  readonly faults: Faults
  readonly outage: Outage
  stop(): Promise<void>
}

const betweenLooksMs = 50
const longestRequestMs = 2000

/** Serves wac-core's service API on what the database holds. A `StartError` says why it can't. */
export async function startWacCoreSandbox(options: WacCoreSandboxOptions): Promise<RunningWacCoreSandbox> {
  const { databaseUrl, token, host = '127.0.0.1', port } = options
  const logger = options.logger ?? createLogger({ level: 'silent', readable: false })
  const faults = new Faults()
  const adapter = fastifyAdapter(logger, false)
  const server = adapter.getInstance().server
  ignoreTrailingSlash(server)
  const outage = new Outage(server)
  const app = await NestFactory.create<NestFastifyApplication>(
    WacCoreSandboxModule.of({ databaseUrl, faults, outage }),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  )
  addHooks(adapter.getInstance(), { token, faults, logger })
  const stop = (): Promise<void> => close(app, server, outage)
  try {
    await app.listen(port, host)
    return { url: `http://${reachable(host)}:${portOf(server)}/sapi`, faults, outage, stop }
  } catch (error) {
    await stop()
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`The wac-core sandbox can't serve on port ${port} of ${host}: ${reason}.`, { cause: error })
  }
}

/** Lets running requests end, though not those that a fault keeps. */
async function close(app: NestFastifyApplication, server: Server, outage: Outage): Promise<void> {
  outage.forget()
  const idle = setInterval(() => server.closeIdleConnections(), betweenLooksMs)
  const late = setTimeout(() => server.closeAllConnections(), longestRequestMs)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(late)
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return address === null || typeof address === 'string' ? 0 : address.port
}

/** A server on all addresses is reached on the loopback one. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
