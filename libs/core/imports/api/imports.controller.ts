import { Readable } from 'node:stream'
import { Body, Controller, Get, Headers, Param, Post, Query, StreamableFile } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { Changes, CurrentActor, Documented, pageOf, Reads, TakesFile } from '#rest'
import { ImportsService } from '../application/imports.service.ts'
import { ImportLimits } from '../application/import-limits.ts'
import { rowOutcomes } from '../domain/import.ts'
import {
  fileInvalid,
  fileTooLarge,
  fileTypeUnknown,
  importEnded,
  importNotPaused,
  importOfAnotherRole,
  importsCrowded,
  unknownImport,
} from '../domain/import-errors.ts'
import { exampleCancelled, exampleCsv, exampleImport, exampleNdjson, exampleRow } from './import-documentation.ts'
import {
  columnNamesOf,
  ImportAnswer,
  importBodyOf,
  ImportRowsAnswer,
  ImportRowsQuery,
  ImportsAnswer,
  ImportsQuery,
  policyOf,
  rowBodyOf,
  StartImportQuery,
} from './imports.dto.ts'
import { uploadedFile } from './uploaded-file.ts'

type HeadersOf = Readonly<Record<string, unknown>>

const limits = new ImportLimits()
const path = [{ name: 'id', description: "The import's id: a UUID.", format: 'uuid', example: exampleImport.id }]
const badPage = invalid([{ path: 'paginate[max]', problem: 'must be a whole number from 1 to 1000, given once' }])
const badOutcome = invalid([{ path: 'outcome', problem: `must be one of ${rowOutcomes.join(', ')}, given once` }])
const badPolicy = invalid([{ path: 'on_existing', problem: 'must be one of skip, update, fail, given once' }])

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Get()
  @Documented({
    id: 'listImports',
    summary: 'List imports',
    description: 'One page of them, newest first. A domain admin sees its own.',
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: ImportsAnswer,
      example: { imports: [exampleImport], total: 1 },
    },
    errors: [badPage],
  })
  @Reads()
  async list(@CurrentActor() actor: Actor, @Query() query: ImportsQuery): Promise<ImportsAnswer> {
    const { imports, total } = await this.imports.list(actor, pageOf(query))
    return { imports: imports.map(importBodyOf), total }
  }

  @Post()
  @TakesFile()
  @Documented({
    id: 'startImport',
    summary: 'Import users',
    description:
      'Takes a file of users in, CSV with the names of the columns in its first line or a JSON document per line, as it is or packed with ' +
      'gzip (`Content-Encoding: gzip`), and creates them in the background, on whichever replica is free. Each row is refused or done by itself.',
    file: { examples: { 'text/csv': exampleCsv, 'application/x-ndjson': exampleNdjson } },
    success: {
      status: 202,
      description: 'The file is there, and is going to be imported.',
      type: ImportAnswer,
      example: { import: exampleImport },
    },
    errors: [
      badPolicy,
      fileInvalid('is empty: its first line must name the columns'),
      fileTooLarge(limits.sentence),
      fileTypeUnknown(),
      importsCrowded(limits.mostOfAll),
    ],
    repeatable: true,
  })
  @Changes('import.start')
  async start(
    @CurrentActor() actor: Actor,
    @Query() query: StartImportQuery,
    @Headers() headers: HeadersOf,
    @Body() body: unknown,
  ): Promise<ImportAnswer> {
    const { format, ...file } = uploadedFile(headers, body)
    const upload = { ...file, columnNames: columnNamesOf(query) }
    return { import: importBodyOf(await this.imports.start(actor, format, policyOf(query), upload)) }
  }

  @Get(':id')
  @Documented({
    id: 'readImport',
    summary: 'Read an import',
    description: 'How far it is, and what came of its rows.',
    path,
    success: {
      status: 200,
      description: 'The import.',
      type: ImportAnswer,
      example: { import: exampleImport },
    },
    errors: [unknownImport()],
  })
  @Reads()
  async read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ImportAnswer> {
    return { import: importBodyOf(await this.imports.read(actor, id)) }
  }

  @Get(':id/rows')
  @Documented({
    id: 'listImportRows',
    summary: 'List what came of the rows of an import',
    description:
      'One page of them in the order of the file, also while it is running; with `Accept: text/csv` all of them, as a CSV file.',
    path,
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: ImportRowsAnswer,
      example: { rows: [exampleRow], total: 1 },
    },
    errors: [badOutcome, unknownImport()],
  })
  @Reads()
  async listRows(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: ImportRowsQuery,
    @Headers('accept') accept: string | undefined,
  ): Promise<ImportRowsAnswer | StreamableFile> {
    if (isForSheets(accept)) return sheetOf(await this.imports.sheet(actor, id, query.outcome))
    const { rows, total } = await this.imports.listRows(actor, id, query.outcome, pageOf(query))
    return { rows: rows.map(rowBodyOf), total }
  }

  @Post(':id/cancel')
  @Documented({
    id: 'cancelImport',
    summary: 'Cancel an import',
    description: 'No row is begun any more; those under way end. What was imported stays so.',
    path,
    success: {
      status: 200,
      description: 'The import as it is now.',
      type: ImportAnswer,
      example: { import: exampleCancelled },
    },
    errors: [unknownImport(), importEnded()],
    repeatable: true,
  })
  @Changes('import.cancel')
  async cancel(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ImportAnswer> {
    return { import: importBodyOf(await this.imports.cancel(actor, id)) }
  }

  @Post(':id/resume')
  @Documented({
    id: 'resumeImport',
    summary: 'Resume an import',
    description: 'One that was paused goes on where it was.',
    path,
    success: {
      status: 200,
      description: 'The import as it is now.',
      type: ImportAnswer,
      example: { import: exampleImport },
    },
    errors: [unknownImport(), importOfAnotherRole(), importNotPaused()],
    repeatable: true,
  })
  @Changes('import.resume')
  async resume(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ImportAnswer> {
    return { import: importBodyOf(await this.imports.resume(actor, id)) }
  }
}

function isForSheets(accept = ''): boolean {
  return accept.split(',').some((type) => type.trim().toLowerCase().startsWith('text/csv'))
}

function sheetOf(lines: AsyncIterable<string>): StreamableFile {
  const type = 'text/csv; charset=utf-8'
  return new StreamableFile(Readable.from(lines, { objectMode: false }), {
    type,
    disposition: 'attachment; filename="rows.csv"',
  })
}
