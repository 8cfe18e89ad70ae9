import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'

/** Outside any prefix, where Prometheus looks for it. */
export function addMetricsRoute(fastify: FastifyInstance, { registry }: Metrics): void {
  fastify.get('/metrics', async (_, reply) => {
    const text = await registry.metrics()
    return reply.header('content-type', registry.contentType).send(text)
  })
}
