import { Module } from '@nestjs/common'
import { Idempotency } from './application/idempotency.ts'

@Module({ providers: [Idempotency], exports: [Idempotency] })
export class IdempotencyModule {}
