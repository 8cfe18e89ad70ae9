/** What came is no list in JSON, or not all of one. */
export class BrokenList extends Error {
  constructor(problem: string) {
    super(problem)
    this.name = 'BrokenList'
  }
}
