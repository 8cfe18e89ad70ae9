import type { Fault } from './fault.ts'

/** The faults that are ordered. Of several for one call, the first that was ordered comes first. */
export class Faults {
  private ordered: readonly Fault[] = []

  order(fault: Fault): void {
    this.ordered = [...this.ordered, fault]
  }

  list(): readonly Fault[] {
    return this.ordered
  }

  clear(): void {
    this.ordered = []
  }

  /** The fault that a call meets, which counts as one of its times. */
  meet(route: string): Fault | undefined {
    const met = this.ordered.find((fault) => fault.route === undefined || fault.route === route)
    if (met?.times !== undefined) {
      const left = { ...met, times: met.times - 1 }
      this.ordered = this.ordered.map((fault) => (fault === met ? left : fault)).filter(({ times }) => times !== 0)
    }
    return met
  }
}
