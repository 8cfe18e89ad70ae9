import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { UsersModule } from '#core/users'
import { Dialects } from '#rest'
import { UsersController } from './api/users.controller.ts'
import { KazooDialect } from './api/kazoo-dialect.ts'

/** Kazoo's users API, over kitter's users. */
@Module({
  imports: [DomainsModule, UsersModule],
  controllers: [UsersController],
  providers: [KazooDialect],
})
export class KazooModule {
  constructor(dialects: Dialects, dialect: KazooDialect) {
    dialects.add(dialect)
  }
}
