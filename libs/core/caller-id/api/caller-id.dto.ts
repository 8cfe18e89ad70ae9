import { ApiProperty } from '@nestjs/swagger'
import { checkQuery, Field, PageAnswer, PageQuery } from '#rest'
import type { EntryFilter } from '../application/caller-id-table.ts'
import { checkEntryName, checkEntryValue } from '../domain/caller-id-entry.ts'

export const exampleEntry = { name: '205', value: '+34912345678' }

const texts = { name: 'The key that calls are looked up by.', value: 'What stands there.' }

export class CreateEntryBody {
  @Field({
    check: checkEntryName,
    required: true,
    type: String,
    description: texts.name,
    minLength: 1,
    maxLength: 64,
    example: exampleEntry.name,
  })
  readonly name!: string

  @Field({
    check: checkEntryValue,
    required: true,
    type: String,
    description: texts.value,
    minLength: 1,
    maxLength: 128,
    example: exampleEntry.value,
  })
  readonly value!: string
}

export class EntriesQuery extends PageQuery {
  @Field({
    check: checkQuery,
    type: String,
    description: 'Only entries whose name contains this text, in any case.',
    example: '20',
  })
  readonly nameContains?: string

  @Field({
    check: checkQuery,
    type: String,
    description: 'Only entries whose value contains this text, in any case.',
    example: '+34',
  })
  readonly valueContains?: string
}

export class EntryBody {
  @ApiProperty({ type: String, description: texts.name, example: exampleEntry.name })
  readonly name!: string

  @ApiProperty({ type: String, description: texts.value, example: exampleEntry.value })
  readonly value!: string
}

export class EntriesAnswer extends PageAnswer {
  @ApiProperty({ type: [EntryBody], description: 'One page of entries, by name.' })
  readonly entries!: readonly EntryBody[]
}

export class ReloadedAnswer {
  @ApiProperty({ type: String, description: 'The htable that the sip-proxy read again.', example: 'translation' })
  readonly reloaded!: string
}

export function entryFilterOf({ nameContains, valueContains }: EntriesQuery): EntryFilter {
  return { ...(nameContains !== undefined && { nameContains }), ...(valueContains !== undefined && { valueContains }) }
}
