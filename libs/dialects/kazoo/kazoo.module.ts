import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { ImportsModule } from '#core/imports'
import { FurtherSessions, SessionsModule } from '#core/sessions'
import { SignInDigests, UsersModule } from '#core/users'
import { Dialects } from '#rest'
import { KazooDialect } from './api/kazoo-dialect.ts'
import { PhotosController } from './api/photos.controller.ts'
import { PreflightController } from './api/preflight.controller.ts'
import { QuickcallsController } from './api/quickcalls.controller.ts'
import { UserAuthController } from './api/user-auth.controller.ts'
import { KazooUsersController } from './api/users.controller.ts'
import { AccountsService } from './application/accounts.service.ts'
import { ExportedUsers } from './application/exported-users.ts'
import { KazooUserAuth } from './application/kazoo-user-auth.ts'
import { KazooUserList } from './application/kazoo-user-list.ts'
import { ListLimits } from './application/list-limits.ts'
import { Listing } from './application/listing.ts'
import { PhotoStore } from './application/photo-store.ts'
import { PhotosService } from './application/photos.service.ts'
import { QuickcallsService } from './application/quickcalls.service.ts'
import { SignInAccounts } from './application/sign-in-accounts.ts'
import { SignInPlaces } from './application/sign-in-places.ts'
import { SignInReports } from './application/sign-in-reports.ts'
import { SignInTries } from './application/sign-in-tries.ts'
import { SigningInService } from './application/signing-in.service.ts'
import { TokenHolders } from './application/token-holders.ts'
import { TokenStore } from './application/token-store.ts'
import { Tries } from './application/tries.ts'
import { KazooUsersService } from './application/users.service.ts'
import { PostgresKazooUserList } from './infrastructure/postgres-kazoo-user-list.ts'
import { kazooDigest } from './domain/signing-in/kazoo-digest.ts'
import { PostgresPhotoStore } from './infrastructure/postgres-photo-store.ts'
import { PostgresSignInPlaces } from './infrastructure/postgres-sign-in-places.ts'
import { PostgresTokenStore } from './infrastructure/postgres-token-store.ts'
import { PostgresTries } from './infrastructure/postgres-tries.ts'

/** Kazoo's users API, over kitter's users. */
@Module({
  imports: [DomainsModule, ImportsModule, SessionsModule, UsersModule],
  controllers: [KazooUsersController, PhotosController, QuickcallsController, UserAuthController, PreflightController],
  providers: [
    KazooDialect,
    AccountsService,
    ExportedUsers,
    KazooUsersService,
    Listing,
    PhotosService,
    QuickcallsService,
    SigningInService,
    SignInAccounts,
    SignInReports,
    SignInTries,
    TokenHolders,
    { provide: ListLimits, useValue: new ListLimits() },
    { provide: TokenStore, useClass: PostgresTokenStore },
    { provide: SignInPlaces, useClass: PostgresSignInPlaces },
    { provide: Tries, useClass: PostgresTries },
    { provide: PhotoStore, useClass: PostgresPhotoStore },
    { provide: KazooUserList, useClass: PostgresKazooUserList },
  ],
})
export class KazooModule {
  constructor(
    dialects: Dialects,
    dialect: KazooDialect,
    userAuth: KazooUserAuth,
    digests: SignInDigests,
    sessions: FurtherSessions,
    tokens: TokenStore,
  ) {
    dialects.add(dialect)
    sessions.add(tokens)
    if (userAuth.on) digests.register(kazooDigest)
  }
}
