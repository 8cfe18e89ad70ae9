import { Controller, Get, Param, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { ChangesAlsoOwn } from '#rest'
import type { Asked } from '../application/asked.ts'
import { QuickcallsService } from '../application/quickcalls.service.ts'
import type { Told } from '../domain/answers/told.ts'
import { AcceptGuard } from './accept.guard.ts'
import { CurrentRequest } from './current-request.ts'
import { Described } from './documentation/described.ts'
import { operations } from './documentation/operations.ts'
import { accountPaths } from './paths.ts'

@ApiTags('quickcall')
@Controller(accountPaths.map((path) => `${path}/users/:id/quickcall`))
@UseGuards(AcceptGuard)
export class QuickcallsController {
  constructor(private readonly quickcalls: QuickcallsService) {}

  /** A telephone rings: reading alone gives no right to that, whatever the method is called. */
  @Get(':number')
  @Described(operations.quickcall)
  @ChangesAlsoOwn('kazoo.quickcall')
  begin(@CurrentRequest() asked: Asked, @Param('number') number: string): Promise<Told> {
    return this.quickcalls.begin(asked, number)
  }
}
