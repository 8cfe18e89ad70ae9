import { Module } from '@nestjs/common'
import { OperationsController } from './api/operations.controller.ts'
import { OperationsService } from './application/operations.service.ts'

/** The journal in the API. */
@Module({ controllers: [OperationsController], providers: [OperationsService] })
export class OperationsModule {}
