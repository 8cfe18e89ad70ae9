export { BackgroundJobs } from './background-jobs.ts'
export { JobsModule } from './jobs.module.ts'
