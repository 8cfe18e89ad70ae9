import { Body, Controller, Delete, Get, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger'
import { invalid } from '#kernel'
import { ChangesPlatform, Documented, pageOf, ReadsPlatform } from '#rest'
import { CallerIdService } from '../application/caller-id.service.ts'
import { callerIdDisabled, entryNameTaken, unknownEntry } from '../domain/caller-id-errors.ts'
import {
  CreateEntryBody,
  EntriesAnswer,
  EntriesQuery,
  EntryBody,
  entryFilterOf,
  exampleEntry,
  ReloadedAnswer,
} from './caller-id.dto.ts'
import { CallerIdSwitchGuard } from './caller-id-switch.guard.ts'

const byName = { name: 'name', description: "The entry's name.", example: exampleEntry.name }
const onlyWhenOn = 'Contact your administrator to have these operations switched on.'

@ApiTags('callerIdManager')
@Controller('callerIdManager')
@UseGuards(CallerIdSwitchGuard)
export class CallerIdController {
  constructor(private readonly callerId: CallerIdService) {}

  @Get()
  @ReadsPlatform()
  @Documented({
    summary: 'List htable entries',
    description: `One page of the sip-proxy's caller-ID table, by name. ${onlyWhenOn}`,
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: EntriesAnswer,
      example: { entries: [exampleEntry], total: 1 },
    },
    errors: [
      invalid([{ path: 'paginate[max]', problem: 'must be a whole number from 1 to 1000, given once' }]),
      callerIdDisabled(),
    ],
  })
  list(@Query() query: EntriesQuery): Promise<EntriesAnswer> {
    return this.callerId.list(entryFilterOf(query), pageOf(query))
  }

  @Post()
  @ChangesPlatform()
  @ApiBody({ type: CreateEntryBody, examples: { entry: { value: exampleEntry } } })
  @Documented({
    summary: 'Create an htable entry',
    description: `Adds an entry. It reaches calls after the next reload. ${onlyWhenOn}`,
    success: { status: 201, description: 'The new entry.', type: EntryBody, example: exampleEntry },
    errors: [invalid([{ path: 'value', problem: 'is required' }]), callerIdDisabled(), entryNameTaken('205')],
  })
  create(@Body() { name, value }: CreateEntryBody): Promise<EntryBody> {
    return this.callerId.create({ name, value })
  }

  @Post('reload')
  @ChangesPlatform()
  @Documented({
    summary: 'Reload the htable in the sip-proxy',
    description: `Makes the sip-proxy read its htable \`translation\` again. ${onlyWhenOn}`,
    success: { status: 200, description: 'It has.', type: ReloadedAnswer, example: { reloaded: 'translation' } },
    errors: [callerIdDisabled()],
  })
  async reload(): Promise<ReloadedAnswer> {
    return { reloaded: await this.callerId.reload() }
  }

  @Get(':name')
  @ReadsPlatform()
  @ApiParam(byName)
  @Documented({
    summary: 'Get an htable entry',
    description: `One entry, by its name. ${onlyWhenOn}`,
    success: { status: 200, description: 'The entry.', type: EntryBody, example: exampleEntry },
    errors: [unknownEntry(), callerIdDisabled()],
  })
  read(@Param('name') name: string): Promise<EntryBody> {
    return this.callerId.read(name)
  }

  @Delete(':name')
  @ChangesPlatform()
  @ApiParam(byName)
  @Documented({
    summary: 'Delete an htable entry',
    description: `Removes an entry. Calls see it until the next reload. ${onlyWhenOn}`,
    success: { status: 204, description: 'It is gone.' },
    errors: [unknownEntry(), callerIdDisabled()],
  })
  async remove(@Param('name') name: string): Promise<void> {
    await this.callerId.remove(name)
  }
}
