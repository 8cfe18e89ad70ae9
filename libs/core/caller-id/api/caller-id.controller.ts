import { Body, Controller, Delete, Get, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
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

const path = [{ name: 'name', description: "The entry's name.", example: exampleEntry.name }]
const onlyWhenOn = 'Contact your administrator to have these operations switched on.'

@ApiTags('callerIdManager')
@Controller('callerIdManager')
@UseGuards(CallerIdSwitchGuard)
export class CallerIdController {
  constructor(private readonly callerId: CallerIdService) {}

  @Get()
  @Documented({
    id: 'listCallerIdEntries',
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
    systems: 'one',
  })
  @ReadsPlatform()
  list(@Query() query: EntriesQuery): Promise<EntriesAnswer> {
    return this.callerId.list(entryFilterOf(query), pageOf(query))
  }

  @Post()
  @Documented({
    id: 'createCallerIdEntry',
    summary: 'Create an htable entry',
    description: `Adds an entry. It reaches calls after the next reload. ${onlyWhenOn}`,
    body: { type: CreateEntryBody, examples: { 'An entry': exampleEntry } },
    success: { status: 201, description: 'The new entry.', type: EntryBody, example: exampleEntry },
    errors: [invalid([{ path: 'value', problem: 'is required' }]), callerIdDisabled(), entryNameTaken('205')],
    systems: 'one',
    repeatable: true,
  })
  @ChangesPlatform('caller_id.create')
  create(@Body() { name, value }: CreateEntryBody): Promise<EntryBody> {
    return this.callerId.create({ name, value })
  }

  @Get(':name')
  @Documented({
    id: 'readCallerIdEntry',
    summary: 'Get an htable entry',
    description: `One entry, by its name. ${onlyWhenOn}`,
    path,
    success: { status: 200, description: 'The entry.', type: EntryBody, example: exampleEntry },
    errors: [unknownEntry(), callerIdDisabled()],
    systems: 'one',
  })
  @ReadsPlatform()
  read(@Param('name') name: string): Promise<EntryBody> {
    return this.callerId.read(name)
  }

  @Delete(':name')
  @Documented({
    id: 'deleteCallerIdEntry',
    summary: 'Delete an htable entry',
    description: `Removes an entry. Calls see it until the next reload. ${onlyWhenOn}`,
    path,
    success: { status: 204, description: 'It is gone.' },
    errors: [unknownEntry(), callerIdDisabled()],
    systems: 'one',
  })
  @ChangesPlatform('caller_id.delete')
  async remove(@Param('name') name: string): Promise<void> {
    await this.callerId.remove(name)
  }

  @Post('reload')
  @Documented({
    id: 'reloadCallerIdTable',
    summary: 'Reload the htable in the sip-proxy',
    description: `Makes the sip-proxy read its htable \`translation\` again. ${onlyWhenOn}`,
    success: { status: 200, description: 'It has.', type: ReloadedAnswer, example: { reloaded: 'translation' } },
    errors: [callerIdDisabled()],
    systems: 'one',
    repeatable: true,
  })
  @ChangesPlatform('caller_id.reload')
  async reload(): Promise<ReloadedAnswer> {
    return { reloaded: await this.callerId.reload() }
  }
}
