import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { type Actor, isUuid, type Page, seesAll } from '#kernel'
import { RepeatableRequest } from '#core/provisioning'
import type { FileFormat } from '../domain/file-format.ts'
import type { Import, ImportedRow, RowOutcome } from '../domain/import.ts'
import { importEnded, importNotPaused, importOfAnotherRole, unknownImport } from '../domain/import-errors.ts'
import type { Policy } from '../domain/policy.ts'
import { ForeignDocuments } from './foreign-documents.ts'
import { ImportFiles } from './import-files.ts'
import { Imports } from './imports.ts'
import { Intake, type Upload } from './intake.ts'
import { RowFiles } from './row-files.ts'

const sheetColumns = ['row', 'line', 'outcome', 'code', 'sentence', 'username']

/** Imports as an actor sees them: to a domain admin, what they didn't start themselves isn't there. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly imports: Imports,
    private readonly files: ImportFiles,
    private readonly intake: Intake,
    private readonly rowFiles: RowFiles,
    private readonly documents: ForeignDocuments,
  ) {}

  /** Whichever replica is free begins it as soon as all of its file is there. */
  async start(actor: Actor, format: FileFormat, policy: Policy, upload: Upload): Promise<Import> {
    if (policy.from !== undefined) this.documents.requireReadable(policy.from, format)
    // one that comes again after its answer was lost is the same import
    const request = RepeatableRequest.take()
    const id = request?.id ?? randomUUID()
    const earlier = request?.hasComeBefore === true ? await this.imports.find(id) : undefined
    if (request === undefined || earlier === undefined) {
      return this.intake.take({ id, format, policy, startedBy: actor }, upload)
    }
    request.isRecalled = true
    return earlier
  }

  list(actor: Actor, page: Page): Promise<{ readonly imports: readonly Import[]; readonly total: number }> {
    return this.imports.list(seesAll(actor) ? undefined : actor.subject, page)
  }

  async read(actor: Actor, id: string): Promise<Import> {
    const found = isUuid(id) ? await this.imports.find(id) : undefined
    if (found === undefined) throw unknownImport()
    if (!seesAll(actor) && found.startedBy.subject !== actor.subject) throw unknownImport()
    return found
  }

  /** What was imported by then stays so; rows that are under way end. */
  async cancel(actor: Actor, id: string): Promise<Import> {
    await this.read(actor, id)
    if (!(await this.imports.cancel(id))) throw importEnded()
    // otherwise the job does that looks for what is left of files
    await this.files.forget(id).catch(() => undefined)
    return this.read(actor, id)
  }

  /** Its rows are done in the name of whoever started it, and by nobody who may do less by now. */
  async resume(actor: Actor, id: string): Promise<Import> {
    const { startedBy } = await this.read(actor, id)
    const isAsBefore = startedBy.role === actor.role && startedBy.domain === actor.domain
    if (actor.role !== 'kitter-admin' && !isAsBefore) throw importOfAnotherRole()
    if (!(await this.imports.resume(id))) throw importNotPaused()
    return this.read(actor, id)
  }

  async listRows(
    actor: Actor,
    id: string,
    outcome: RowOutcome | undefined,
    page: Page,
  ): Promise<{ readonly rows: readonly ImportedRow[]; readonly total: number }> {
    await this.read(actor, id)
    return this.imports.listRows(id, outcome, page)
  }

  /** All of them as a CSV file, some lines at a time. */
  async sheet(actor: Actor, id: string, outcome: RowOutcome | undefined): Promise<AsyncIterable<string>> {
    await this.read(actor, id)
    return this.sheetLines(id, outcome)
  }

  private async *sheetLines(id: string, outcome: RowOutcome | undefined): AsyncGenerator<string> {
    yield this.rowFiles.csvLine(sheetColumns)
    for (let after = 0; ;) {
      const rows = await this.imports.rowsAfter(id, outcome, after)
      const last = rows.at(-1)
      if (last === undefined) return
      after = last.row
      yield rows.map((row) => this.rowFiles.csvLine(cellsOf(row))).join('')
    }
  }
}

function cellsOf({ row, line, outcome, code = '', sentence = '', username = '' }: ImportedRow): readonly string[] {
  return [String(row), String(line), outcome, code, sentence, username]
}
