/** A row of the file that was imported: what is written of it is its own, but the reason. */
export interface FileRow {
  readonly line: number
  /** Whether the service may mean it by this username. */
  readonly isOf: (username: string | undefined) => boolean
  readonly lineFor: (reason: string) => string | Uint8Array
}
