import { setTimeout as pause } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type OperationOutcome, OperationsMeter, type UnsettledState } from '#core/provisioning'

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Prometheus waits for ten seconds at most, and wants to know the rest also while the database hangs. */
const longestCountMs = 2000

export interface PoolFigures {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/** What Prometheus reads. The rate and the errors of requests are in the histogram's counts, by status. */
export class Metrics extends OperationsMeter {
  readonly registry = new Registry()

  private readonly requests = new Histogram({
    name: 'kitter_http_request_duration_seconds',
    help: 'Duration of requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [this.registry],
  })

  private readonly operations = new Histogram({
    name: 'kitter_operation_duration_seconds',
    help: 'Duration of operations by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    buckets,
    registers: [this.registry],
  })

  private readonly errors = new Counter({
    name: 'kitter_http_request_errors_total',
    help: 'Requests that ended with a status of 500 or more, by method and route.',
    labelNames: ['method', 'route'],
    registers: [this.registry],
  })

  constructor() {
    super()
    collectDefaultMetrics({ register: this.registry, prefix: 'kitter_' })
  }

  /** `route` is the pattern, not the path: ids must not become labels. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds)
    if (status >= 500) this.errors.inc({ method, route })
  }

  override ended(kind: string, outcome: OperationOutcome, seconds: number): void {
    this.operations.observe({ kind, outcome }, seconds)
  }

  /** Counts the operations whenever somebody looks. While they can't be counted, there is no figure, rather than a wrong one. */
  watchOperations(count: () => Promise<Readonly<Record<UnsettledState, number>>>): void {
    new Gauge({
      name: 'kitter_operations_unsettled',
      help: 'Operations whose callers wait for them (open), that are settled in the background (settling), and that nobody settles (stuck).',
      labelNames: ['state'],
      registers: [this.registry],
      async collect() {
        const counts = await withinTime(count())
        this.reset()
        for (const [state, operations] of Object.entries(counts ?? {})) this.set({ state }, operations)
      },
    })
  }

  /** Reads the pool's figures whenever somebody looks. */
  watchPool(figures: () => PoolFigures): void {
    new Gauge({
      name: 'kitter_database_pool_connections',
      help: 'Connections of the database pool by state, and requests that wait for one.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { total, idle, waiting } = figures()
        this.set({ state: 'total' }, total)
        this.set({ state: 'idle' }, idle)
        this.set({ state: 'waiting' }, waiting)
      },
    })
  }
}

async function withinTime<Figures>(counting: Promise<Figures>): Promise<Figures | undefined> {
  const waiting = new AbortController()
  try {
    const late = pause(longestCountMs, undefined, { signal: waiting.signal }).catch(() => undefined)
    return await Promise.race([counting.catch(() => undefined), late])
  } finally {
    waiting.abort()
  }
}
