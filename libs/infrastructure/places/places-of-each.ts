import { Places } from './places.ts'

interface Own {
  readonly places: Places
  /** Those who work there or wait. */
  takers: number
}

/** Places that each name has for itself, so that nobody has those of the others. */
export class PlacesOfEach {
  private readonly all = new Map<string, Own>()
  private readonly places: number
  private readonly longestWaitMs: number

  constructor(places: number, longestWaitMs: number) {
    this.places = places
    this.longestWaitMs = longestWaitMs
  }

  /** `crowded` says what is thrown where no place of the name was free in time. */
  async take<Result>(name: string, work: () => Promise<Result>, crowded: () => Error): Promise<Result> {
    const own = this.all.get(name) ?? { places: new Places(this.places, this.longestWaitMs), takers: 0 }
    this.all.set(name, own)
    own.takers += 1
    try {
      return await own.places.take(work, crowded)
    } finally {
      own.takers -= 1
      if (own.takers === 0) this.all.delete(name)
    }
  }
}
