export { type HealthProbe, HealthProbes } from './application/health-probe.ts'
export type { Finding } from './domain/finding.ts'
export { HealthModule } from './health.module.ts'
