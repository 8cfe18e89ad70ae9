export interface ImportTimes {
  /** How often a replica that works on one says so: several times within a lease. */
  readonly renewSeconds: number
  /** How long it rests at most where a system is away. */
  readonly restSeconds: number
  /** After so many tries without getting on it's paused: longer than late effects are waited for. */
  readonly mostTries: number
  /** How long one import is worked on where others wait. */
  readonly sliceSeconds: number
}

const usual: ImportTimes = { renewSeconds: 5, restSeconds: 10, mostTries: 120, sliceSeconds: 20 }

/** How patient an import is. */
export class ImportPace implements ImportTimes {
  readonly renewSeconds: number
  readonly restSeconds: number
  readonly mostTries: number
  readonly sliceSeconds: number

  constructor(times: Partial<ImportTimes> = {}) {
    const { renewSeconds, restSeconds, mostTries, sliceSeconds } = { ...usual, ...times }
    this.renewSeconds = renewSeconds
    this.restSeconds = restSeconds
    this.mostTries = mostTries
    this.sliceSeconds = sliceSeconds
  }
}
