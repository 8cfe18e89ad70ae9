import { Injectable } from '@nestjs/common'
import { invalid } from '#kernel'
import type { DomainName } from '#core/domains'
import type { FileFormat } from '../domain/file-format.ts'
import { dialectMissing } from '../domain/import-errors.ts'
import type { ForeignRows } from '../domain/policy.ts'
import type { ReadRow } from './user-rows.ts'

/** Reads what another platform's API tells of its users. */
export interface DocumentReader {
  /** Whose documents it reads. */
  readonly dialect: string
  /** The user that one describes, for a domain of kitter's: what is wrong with it is told, never thrown. */
  read(document: Readonly<Record<string, unknown>>, domain: DomainName): ReadRow
}

/** The documents that files may have as rows: those of dialects that are switched on. */
@Injectable()
export class ForeignDocuments {
  private readonly readers = new Map<string, DocumentReader>()

  /** At the start, by whoever reads some. */
  add(reader: DocumentReader): void {
    this.readers.set(reader.dialect, reader)
  }

  requireReadable({ dialect }: ForeignRows, format: FileFormat): void {
    if (!this.readers.has(dialect)) {
      throw invalid([{ path: 'dialect', problem: 'is none whose documents this kitter reads: DIALECTS names them' }])
    }
    if (format !== 'ndjson') throw invalid([{ path: 'dialect', problem: 'is for application/x-ndjson only' }])
  }

  /** An import that began before may meet a replica without the dialect: another one has to go on with it. */
  of(dialect: string): DocumentReader {
    const reader = this.readers.get(dialect)
    if (reader === undefined) throw dialectMissing(dialect)
    return reader
  }
}
