import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common'
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus'
import { DomainError } from '#kernel'
import { type HealthProbe, HealthProbes } from './health-probe.ts'

export interface Readiness {
  readonly status: string
  readonly details: Readonly<Record<string, unknown>>
}

const patienceMs = 3000
/** For what was away the last time: whoever asks for the readiness shall not wait for it again and again. */
const impatienceMs = 500

@Injectable()
export class HealthService {
  private readonly log = new Logger(HealthService.name)
  private readonly away = new Set<string>()
  private readonly underWay = new Map<string, Promise<void>>()

  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly probes: HealthProbes,
  ) {}

  async readiness(): Promise<Readiness> {
    try {
      const { status, details } = await this.checks.check(this.probes.all.map((probe) => () => this.indicate(probe)))
      return { status, details }
    } catch (error) {
      if (error instanceof ServiceUnavailableException) throw notReady(detailsOf(error))
      throw error
    }
  }

  private async indicate(probe: HealthProbe): Promise<HealthIndicatorResult> {
    const { name, essential } = probe
    const indicator = this.indicators.check(name)
    const timeoutMs = this.away.has(name) ? impatienceMs : patienceMs
    let reason: unknown = new Error(`no answer within ${timeoutMs} ms`)
    const check = (): Promise<void> =>
      this.checked(probe).catch((error: unknown) => {
        reason = error
        throw error
      })
    const attempt = await indicator.attempt(check).withTimeout(timeoutMs)
    if (attempt[name]?.status === 'up') {
      this.noteUp(probe)
      return indicator.up()
    }
    this.noteAway(probe, reason)
    return essential ? indicator.down('does not answer') : indicator.degraded('does not answer')
  }

  /** Whoever comes while a system is asked waits for the same answer: a slow one isn't burdened with more questions. */
  private checked(probe: HealthProbe): Promise<void> {
    const { name } = probe
    const begun = this.underWay.get(name) ?? probe.check().finally(() => this.underWay.delete(name))
    this.underWay.set(name, begun)
    return begun
  }

  /** Probes come every few seconds: the log tells of the first that fails, and of the first that no longer does. */
  private noteAway({ name, essential }: HealthProbe, err: unknown): void {
    if (this.away.has(name)) return
    this.away.add(name)
    this.log[essential ? 'error' : 'warn']({ system: name, err }, `${name} does not answer`)
  }

  private noteUp({ name }: HealthProbe): void {
    if (this.away.delete(name)) this.log.warn({ system: name }, `${name} answers again`)
  }
}

export function notReady(report: Readonly<Record<string, unknown>>): DomainError {
  return new DomainError('unavailable', 'service.unavailable', 'kitter cannot serve at the moment.', {
    retryAfter: 5,
    report,
  })
}

function detailsOf(error: ServiceUnavailableException): Readonly<Record<string, unknown>> {
  const response = error.getResponse()
  return isHealthCheckResult(response) ? response.details : {}
}

function isHealthCheckResult(response: unknown): response is HealthCheckResult {
  return typeof response === 'object' && response !== null && 'details' in response
}
