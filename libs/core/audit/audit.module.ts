import { Module } from '@nestjs/common'
import { AuditController } from './api/audit.controller.ts'
import { AuditService } from './application/audit.service.ts'

@Module({ controllers: [AuditController], providers: [AuditService] })
export class AuditModule {}
