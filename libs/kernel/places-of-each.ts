import { Places } from './places.ts'

/** Lets so many of each name do their work at once, so that nobody has the places of others. */
export class PlacesOfEach {
  private readonly places = new Map<string, Places>()
  private readonly atOnce: number
  private readonly longestWaitMs: number

  constructor(atOnce: number, longestWaitMs: number) {
    this.atOnce = atOnce
    this.longestWaitMs = longestWaitMs
  }

  /** `crowded` says what is thrown where it took too long. */
  async take<Result>(name: string, work: () => Promise<Result>, crowded: () => Error): Promise<Result> {
    const own = this.places.get(name) ?? new Places(this.atOnce, this.longestWaitMs)
    this.places.set(name, own)
    try {
      return await own.take(work, crowded)
    } finally {
      // others may stand there by now
      if (this.places.get(name)?.areFree === true) this.places.delete(name)
    }
  }
}
