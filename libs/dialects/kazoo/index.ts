export { KazooUserAuth } from './application/kazoo-user-auth.ts'
export { KazooModule } from './kazoo.module.ts'
export { kazooMigrations } from './migrations/index.ts'
