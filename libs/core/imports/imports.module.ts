import { Module } from '@nestjs/common'
import { DomainsModule } from '#core/domains'
import { ProvisioningModule } from '#core/provisioning'
import { UsersModule } from '#core/users'
import { ImportsController } from './api/imports.controller.ts'
import { ReadUserRows } from './api/read-user-rows.ts'
import { ExistingUser } from './application/existing-user.ts'
import { ForeignDocuments } from './application/foreign-documents.ts'
import { Importer } from './application/importer.ts'
import { ImportsService } from './application/imports.service.ts'
import { Intake } from './application/intake.ts'
import { RowDomain } from './application/row-domain.ts'
import { RowProcessing } from './application/row-processing.ts'
import { RowRehearsal } from './application/row-rehearsal.ts'
import { RowWriting } from './application/row-writing.ts'
import { UserRows } from './application/user-rows.ts'

/** Files of users, brought in row by row in the background. */
@Module({
  imports: [DomainsModule, UsersModule, ProvisioningModule],
  controllers: [ImportsController],
  providers: [
    ImportsService,
    Intake,
    Importer,
    RowProcessing,
    RowWriting,
    RowRehearsal,
    RowDomain,
    ExistingUser,
    ForeignDocuments,
    { provide: UserRows, useClass: ReadUserRows },
  ],
  exports: [Importer, ForeignDocuments],
})
export class ImportsModule {}
