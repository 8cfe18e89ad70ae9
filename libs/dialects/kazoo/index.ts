export { KazooModule } from './kazoo.module.ts'
export { kazooMigrations } from './migrations/index.ts'
