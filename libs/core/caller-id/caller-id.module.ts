import { Module } from '@nestjs/common'
import { CallerIdController } from './api/caller-id.controller.ts'
import { CallerIdService } from './application/caller-id.service.ts'

@Module({ controllers: [CallerIdController], providers: [CallerIdService] })
export class CallerIdModule {}
