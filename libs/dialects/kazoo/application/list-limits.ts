/** How long lists may take: connections are few, and so is room for whole lists. */
export class ListLimits {
  /** All the questions for a page with filters, or for a slice of a whole list. */
  readonly pageSeconds: number
  /** A whole list, before its last slice: with that one and its way to the caller, less than its room is kept. */
  readonly wholeSeconds: number

  constructor(given: Partial<ListLimits> = {}) {
    this.pageSeconds = given.pageSeconds ?? 3
    this.wholeSeconds = given.wholeSeconds ?? 60
  }
}
