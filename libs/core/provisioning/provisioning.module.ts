import { Module } from '@nestjs/common'
import { Provisioning } from './application/provisioning.ts'

@Module({ providers: [Provisioning], exports: [Provisioning] })
export class ProvisioningModule {}
