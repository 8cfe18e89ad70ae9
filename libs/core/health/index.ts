export { type HealthProbe, HealthProbes } from './application/health-probe.ts'
export { HealthModule } from './health.module.ts'
