import type { Actor } from '#kernel'
import type { FileFormat } from '../domain/file-format.ts'
import type { Import, Place } from '../domain/import.ts'
import type { Policy } from '../domain/policy.ts'
import type { WaitingBytes } from './import-limits.ts'
import type { Shift } from './import-shift.ts'

export interface NewImport {
  readonly id: string
  readonly format: FileFormat
  readonly policy: Policy
  readonly startedBy: Actor
}

export interface ReceivedFile {
  readonly columns: Import['columns']
  /** Where its first row begins. */
  readonly place: Place
  readonly size: number
}

/**
 * The files of imports, kept where all replicas see them until their rows are done: they may hold passwords. A file that is
 * being received has a lease, which each piece of it renews; nobody sees its import before all of it is there.
 */
export abstract class ImportFiles {
  /** In the place of one of the same id that wasn't received to its end. */
  abstract receive(given: NewImport): Promise<Shift>

  /** What of all files that are received or wait isn't done yet, and of those that an actor sent. */
  abstract waiting(startedBy: string): Promise<WaitingBytes>

  abstract append(shift: Shift, offset: number, bytes: Uint8Array): Promise<void>

  /** Only renews the lease. */
  abstract prolong(shift: Shift): Promise<void>

  /** All of it is there: whichever replica is free begins. Gives the import as it is kept. */
  abstract complete(shift: Shift, file: ReceivedFile): Promise<Import>

  /** Leaves nothing of what was received. */
  abstract discard(shift: Shift): Promise<void>

  /** The same for those that nobody receives any more. How many. */
  abstract discardAbandoned(): Promise<number>

  /** From there to its end, a piece at a time; throws `ShiftOver` where somebody has let go of it. */
  abstract read({ id, size }: Pick<Import, 'id' | 'size'>, offset: number): AsyncIterable<Uint8Array>

  abstract forget(id: string): Promise<void>
}
