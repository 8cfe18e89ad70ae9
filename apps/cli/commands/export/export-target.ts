/** Where users are written to. */
export interface ExportTarget {
  /** Nothing runs ahead of what takes it. */
  write(text: string): Promise<void>
  /** All of it is there. */
  keep(): Promise<void>
  /** Leaves nothing, unless it was kept. */
  discard(): Promise<void>
}
