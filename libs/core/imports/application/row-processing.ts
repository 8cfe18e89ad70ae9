import { Injectable, Logger } from '@nestjs/common'
import { DomainError, type FieldProblem } from '#kernel'
import { shortened } from '../domain/shortened.ts'
import type { WrittenRow } from './import-shifts.ts'
import type { FileRow } from './row-files.ts'
import { RowRehearsal } from './row-rehearsal.ts'
import { RowWriting } from './row-writing.ts'
import type { UserOutcome } from './user-outcome.ts'
import { type ReadRow, UserRows } from './user-rows.ts'
import type { ImportWork } from './import-work.ts'

interface UnreadRow {
  readonly username: undefined
  readonly failed: UserOutcome
}

/** Makes what it says of a row, and says what came of it. */
@Injectable()
export class RowProcessing {
  private readonly log = new Logger(RowProcessing.name)

  constructor(
    private readonly rows: UserRows,
    private readonly writing: RowWriting,
    private readonly rehearsal: RowRehearsal,
  ) {}

  /** Throws only what keeps the whole import from going on: a system that is away. */
  async process(work: ImportWork, file: FileRow, number: number): Promise<WrittenRow> {
    const read = this.read(work, file, number)
    const outcome = 'failed' in read ? read.failed : await this.outcomeOf(work, read, number)
    const sentence = outcome.sentence && shortened(outcome.sentence, longestSentence)
    return { row: number, line: file.line, start: file.start, username: read.username, takes: [], ...outcome, sentence }
  }

  /** A reader that fails at a row keeps no other row from being imported. */
  private read(work: ImportWork, file: FileRow, number: number): ReadRow | UnreadRow {
    try {
      return this.rows.read(file, work.import)
    } catch (error) {
      return { username: undefined, failed: this.failed(work, error, number) }
    }
  }

  private async outcomeOf(work: ImportWork, read: ReadRow, number: number): Promise<UserOutcome> {
    if ('unreadable' in read) return refused({ code: 'request.invalid', message: read.unreadable })
    if ('problems' in read) return refused(invalidRow(read.problems))
    const { described } = read
    const { username, email } = described.user.fields
    const keys = [`login:${username}`, ...(email === undefined ? [] : [`email:${email.toLowerCase()}`])]
    return work.turns.take(keys, async () => {
      work.requireOn()
      try {
        return work.import.policy.dryRun
          ? await this.rehearsal.rehearse(work, described)
          : await this.writing.write(work, described, number)
      } catch (error) {
        return this.failed(work, error, number)
      }
    })
  }

  private failed(work: ImportWork, error: unknown, number: number): UserOutcome {
    if (!(error instanceof DomainError)) {
      work.requireOn()
      this.log.error({ import: work.import.id, row: number, err: error }, 'a row of an import failed')
      return {
        outcome: 'refused',
        code: 'internal',
        sentence: "Something went wrong in kitter. Its log says more under the import's id.",
      }
    }
    if (error.kind === 'unavailable') throw error
    if (error.kind === 'unfinished' || error.code === 'operation.in_progress')
      return { ...refused(error), outcome: 'unsettled' }
    const { fields } = error.details
    if (fields === undefined) return refused(error)
    return refused(
      invalidRow(fields.map(({ path, problem }) => ({ path: this.rows.nameOf(path, work.import), problem }))),
    )
  }
}

function refused({ code, message }: { readonly code: string; readonly message: string }): UserOutcome {
  return { outcome: 'refused', code, sentence: message }
}

const mostTold = 5
/** The names in it come from the file. */
const longestPath = 120
const longestSentence = 1000

function invalidRow(problems: readonly FieldProblem[]): { readonly code: string; readonly message: string } {
  const listed = problems.map(({ path, problem }) =>
    path === '' ? problem : `${shortened(path, longestPath)} ${problem}`,
  )
  const more = listed.length > mostTold ? `; and ${listed.length - mostTold} more` : ''
  return { code: 'request.invalid', message: `The row is not valid: ${listed.slice(0, mostTold).join('; ')}${more}.` }
}
