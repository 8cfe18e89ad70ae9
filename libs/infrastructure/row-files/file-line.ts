/** A line of a file, with its line break. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number
  readonly bytes: Buffer
  /** How many bytes of the file lie before it, and how many have been read when it has. */
  readonly start: number
  readonly end: number
}
