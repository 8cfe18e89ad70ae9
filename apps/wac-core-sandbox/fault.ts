import { z } from 'zod'

/** The routes of the service API, as faults name them. */
export const routes = [
  'GET /domains',
  'POST /domains',
  'GET /domains/{id}',
  'PUT /domains/{id}',
  'DELETE /domains/{id}',
  'GET /users',
  'POST /users',
  'GET /users/{id}',
  'PUT /users/{id}',
  'DELETE /users/{id}',
  'GET /sipMappings',
  'POST /sipMappings',
  'PUT /sipMappings/{id}',
  'DELETE /sipMappings/{id}',
  'GET /capabilities',
] as const

const milliseconds = z.int().min(1).max(600_000)

export const faultOrder = z
  .strictObject({
    /** Which calls it's about; all of them without it. */
    route: z.enum(routes).optional(),
    /** How often; without it until faults are cleared. */
    times: z.int().min(1).optional(),
    /** How long the call waits before anything happens. */
    latencyMs: milliseconds.optional(),
    /** The status of an answer that is given instead of doing the work. */
    status: z.int().min(200).max(599).optional(),
    /** The body of that answer: text is sent as it is, HTML as HTML, and anything else as JSON. */
    body: z.unknown().optional(),
    /** Drops the connection before the work is done, or after it. */
    drop: z.enum(['before', 'after']).optional(),
    /** Refuses all connections for so long, at once. Goes with nothing else. */
    refuseMs: milliseconds.optional(),
  })
  .refine(doesSomething, 'must say what goes wrong: latencyMs, status, body, drop, or refuseMs alone')

export type FaultOrder = z.output<typeof faultOrder>

/** What a fault does to a call. */
export type Fault = Omit<FaultOrder, 'refuseMs'>

function doesSomething({ refuseMs, latencyMs, status, body, drop, route, times }: Readonly<Record<string, unknown>>) {
  const toCalls = [latencyMs, status, body, drop]
  if (refuseMs === undefined) return toCalls.some((effect) => effect !== undefined)
  return [...toCalls, route, times].every((part) => part === undefined)
}
