export type OperationOutcome = 'done' | 'refused' | 'unfinished'

/** Counts operations as they end. */
export abstract class OperationsMeter {
  abstract ended(kind: string, outcome: OperationOutcome, seconds: number): void
}
