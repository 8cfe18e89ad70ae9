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

const probeTimeoutMs = 3000

@Injectable()
export class HealthService {
  private readonly log = new Logger(HealthService.name)

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
    const attempt = await indicator.attempt(() => this.attempt(probe)).withTimeout(probeTimeoutMs)
    if (attempt[name]?.status === 'up') return indicator.up()
    return essential ? indicator.down('does not answer') : indicator.degraded('does not answer')
  }

  private async attempt(probe: HealthProbe): Promise<void> {
    await probe.check().catch((error: unknown) => {
      this.log.warn({ system: probe.name, err: error }, 'health probe failed')
      throw error
    })
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
