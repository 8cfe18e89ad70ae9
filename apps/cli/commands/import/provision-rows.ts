import type { Progress } from '../../output/progress.ts'
import { ServiceAway } from '../../service/service-away.ts'
import { importProgress } from './import-progress.ts'
import type { ImportTotals } from './import-totals.ts'
import { mapInOrder } from './map-in-order.ts'
import type { PersonRow } from './people-file.ts'
import type { Provisioner } from './provisioner.ts'
import type { RefusedFile } from './refused-file.ts'
import type { RowOutcome } from './row-outcome.ts'

export interface RowsWork {
  readonly rows: AsyncIterable<PersonRow>
  /** Of their file in bytes, where that is known. */
  readonly size: number | undefined
  readonly provisioner: Provisioner
  readonly totals: ImportTotals
  readonly refusedFile: RefusedFile
  readonly progress: Progress
  /** Aborted, by whoever finds a reason: no row is begun any more, those under way are ended. */
  readonly stop: AbortController
}

const atATime = 8

/** Provisions row after row, to the end or until something stops it; what that was is the stop's reason. */
export async function provisionRows({
  rows,
  size,
  provisioner,
  totals,
  refusedFile,
  progress,
  stop,
}: RowsWork): Promise<void> {
  const work = async (row: PersonRow) => ({ row, outcome: await outcomeOf(row, provisioner, stop) })
  for await (const { row, outcome } of mapInOrder(readable(stop, rows), atATime, work)) {
    totals.count(outcome)
    if (outcome.kind === 'refused') {
      await refusedFile.add(row, outcome.reason).catch((error: unknown) => stop.abort(error))
    }
    if (outcome.kind !== 'left out') progress.update(importProgress(totals, row.end, size))
  }
}

async function outcomeOf(row: PersonRow, provisioner: Provisioner, stop: AbortController): Promise<RowOutcome> {
  if (stop.signal.aborted) return { kind: 'left out' }
  try {
    return await provisioner.provision(row)
  } catch (error) {
    stop.abort(error)
    return { kind: isWithoutAnswer(error) ? 'unanswered' : 'left out' }
  }
}

/** What was sent may have arrived. */
function isWithoutAnswer(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof ServiceAway && !error.cause.answered
}

/** The rows as far as they can be read: what keeps them from being read any further stops the work. */
async function* readable(stop: AbortController, rows: AsyncIterable<PersonRow>): AsyncGenerator<PersonRow> {
  try {
    yield* rows
  } catch (error) {
    stop.abort(error)
  }
}
