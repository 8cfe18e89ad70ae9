import { KazooUserAuth } from './application/kazoo-user-auth.ts'
import { KazooModule } from './kazoo.module.ts'
import { kazooMigrations } from './migrations/index.ts'

/** All that an app needs that switches the dialect on. */
export const kazoo = {
  module: KazooModule,
  migrations: kazooMigrations,
  switches: { KAZOO_USER_AUTH: KazooUserAuth },
}
