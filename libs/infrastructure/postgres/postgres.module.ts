import { type DynamicModule, Global, Module } from '@nestjs/common'
import { DomainRecords } from '#core/domains'
import { Operations } from '#core/provisioning'
import { DomainMembers } from '#core/sessions'
import { UserRecords } from '#core/users'
import { Database } from './database.ts'
import { PostgresDomainMembers } from './postgres-domain-members.ts'
import { PostgresDomainRecords } from './postgres-domain-records.ts'
import { PostgresOperations } from './postgres-operations.ts'
import { PostgresUserRecords } from './postgres-user-records.ts'

const adapters = [
  { provide: DomainRecords, useClass: PostgresDomainRecords },
  { provide: UserRecords, useClass: PostgresUserRecords },
  { provide: Operations, useClass: PostgresOperations },
  { provide: DomainMembers, useClass: PostgresDomainMembers },
]

/** kitter's own tables, for the ports that are answered from them. Whoever opened the database closes it. */
@Global()
@Module({})
export class PostgresModule {
  static over(database: Database): DynamicModule {
    return {
      module: PostgresModule,
      providers: [{ provide: Database, useValue: database }, ...adapters],
      exports: adapters.map(({ provide }) => provide),
    }
  }
}
