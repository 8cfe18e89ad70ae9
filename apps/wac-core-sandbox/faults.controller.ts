import { Body, Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { type Fault, faultOrder, type FaultOrder } from './fault.ts'
import { Faults } from './faults.ts'
import { Outage } from './outage.ts'
import { ParsedPipe } from './parsed.pipe.ts'

/** Where developers and tests order what shall go wrong. */
@Controller('faults')
export class FaultsController {
  constructor(
    private readonly faults: Faults,
    private readonly outage: Outage,
  ) {}

  @Get()
  list(): readonly Fault[] {
    return this.faults.list()
  }

  /** A refusal begins when this is answered. */
  @Post()
  order(
    @Body(new ParsedPipe(faultOrder)) { refuseMs, ...fault }: FaultOrder,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): readonly Fault[] {
    if (refuseMs === undefined) this.faults.order(fault)
    else reply.raw.once('finish', () => this.outage.begin(refuseMs))
    return this.faults.list()
  }

  @Delete()
  @HttpCode(204)
  clear(): void {
    this.faults.clear()
  }
}
