import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Logger } from 'pino'
import {
  addDialectDocumentation,
  addDocumentation,
  addMetricsRoute,
  addRequestHooks,
  addSecurityHeaders,
  fastifyAdapter,
  Metrics,
  NestLogger,
} from '#infrastructure/http'
import { OperationRecords } from '#core/provisioning'
import { Dialects } from '#rest'
import { mountSandbox } from '#infrastructure/sandbox'
import type { Htable } from '#infrastructure/sip-proxy'
import type { Configuration } from './configuration.ts'
import { dialectsOf } from './dialects.ts'
import { KitterModule, nativeModules } from './kitter.module.ts'
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
  const dialects = new Dialects(configuration.HTTP_PREFIX)
  const { requestSeconds } = timing
  const adapter = fastifyAdapter(logger, configuration.TRUST_PROXY, {
    dialects,
    ...(requestSeconds !== undefined && { requestTimeoutMs: requestSeconds * 1000 }),
  })
  const app = await NestFactory.create<NestFastifyApplication>(
    KitterModule.of({ configuration, databaseUrl, database, htable, metrics, dialects, timing }),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  )
  const operations = app.get(OperationRecords, { strict: false })
  metrics.watchOperations(() => operations.countUnsettled())
  const fastify = adapter.getInstance()
  addRequestHooks(fastify, logger, metrics)
  addMetricsRoute(fastify, metrics)
  try {
    await initialise(app, configuration, dialects)
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

async function initialise(
  app: NestFastifyApplication,
  { HTTP_PREFIX: prefix, keycloak, DIALECTS }: Configuration,
  dialects: Dialects,
): Promise<void> {
  await addSecurityHeaders(app)
  if (keycloak === undefined) mountSandbox(app, prefix)
  app.setGlobalPrefix(prefix)
  const settings = { version: version(), prefix }
  addDocumentation(app, { ...settings, modules: nativeModules })
  const modules = dialectsOf(DIALECTS).map(({ module }) => module)
  for (const dialect of dialects.all) addDialectDocumentation(app, dialect, { ...settings, modules })
  await app.init()
}
