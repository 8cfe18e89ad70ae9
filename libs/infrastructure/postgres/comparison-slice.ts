/** How many users of each system one statement compares: it stays within its time and memory, however many there are. */
export class ComparisonSlice {
  readonly size: number

  constructor(size = 50_000) {
    this.size = size
  }
}
