import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Logger } from 'pino'
import {
  addDocumentation,
  addMetricsRoute,
  addRequestHooks,
  addSecurityHeaders,
  fastifyAdapter,
  Metrics,
  NestLogger,
} from '#infrastructure/http'
import { OperationRecords } from '#core/provisioning'
import { mountSandbox } from '#infrastructure/sandbox'
import type { Htable } from '#infrastructure/sip-proxy'
import type { Configuration } from './configuration.ts'
import { KitterModule } from './kitter.module.ts'
import type { OpenPostgres } from './open-postgres.ts'
import type { Timing } from './timing.ts'
import { version } from './version.ts'

/** The application over its adapters, initialised but not yet listening. */
export async function createApp(
  configuration: Configuration,
  { url: databaseUrl, database }: Pick<OpenPostgres, 'url' | 'database'>,
  htable: Htable,
  logger: Logger,
  timing: Timing,
): Promise<NestFastifyApplication> {
  const metrics = new Metrics()
  metrics.watchPool(() => database.pool())
  const { requestSeconds } = timing
  const adapter = fastifyAdapter(logger, configuration.TRUST_PROXY, requestSeconds && requestSeconds * 1000)
  const app = await NestFactory.create<NestFastifyApplication>(
    KitterModule.of({ configuration, databaseUrl, database, htable, metrics, timing }),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  )
  const operations = app.get(OperationRecords, { strict: false })
  metrics.watchOperations(() => operations.countUnsettled())
  const fastify = adapter.getInstance()
  addRequestHooks(fastify, logger, metrics)
  addMetricsRoute(fastify, metrics)
  try {
    await initialise(app, configuration)
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

async function initialise(
  app: NestFastifyApplication,
  { HTTP_PREFIX: prefix, keycloak }: Configuration,
): Promise<void> {
  await addSecurityHeaders(app)
  if (keycloak === undefined) mountSandbox(app, prefix)
  app.setGlobalPrefix(prefix)
  addDocumentation(app, { version: version(), prefix })
  await app.init()
}
