/** A row of the file that was imported: what is written of it is its own, but the reason. */
export interface FileRow {
  readonly line: number
  /** The username in it, as the service tells it. */
  readonly username: string | undefined
  readonly lineFor: (reason: string) => string | Uint8Array
}
