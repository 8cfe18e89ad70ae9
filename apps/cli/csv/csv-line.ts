/** A line of a file, with its line break. */
export interface CsvLine {
  /** Counted from 1. */
  readonly number: number
  readonly bytes: Buffer
  /** How many bytes of the file have been read when this line has. */
  readonly end: number
}
