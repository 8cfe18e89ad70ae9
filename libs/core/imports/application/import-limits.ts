const mebibyte = 1024 * 1024
const gibibyte = 1024 * mebibyte

/** Bytes of files whose rows wait: those of one caller, and all. */
export interface WaitingBytes {
  readonly own: number
  readonly all: number
}

/** How large a file may be, whose rows wait in kitter's database. */
export class ImportLimits {
  constructor(
    /** In bytes, unpacked. */
    readonly most = 2048 * mebibyte,
    /** How many times as large as it came gzip may make it; rows of users are packed to a tenth at best. */
    readonly mostUnpacked = 100,
    /** Below so many bytes nobody asks. */
    readonly harmless = 16 * mebibyte,
    /** How many bytes of one caller may wait, and how many at all. */
    readonly mostWaiting: WaitingBytes = { own: 4 * gibibyte, all: 16 * gibibyte },
  ) {}

  /** More than which limit there is, in words. */
  crowdedBy({ own, all }: WaitingBytes): string | undefined {
    if (own > this.mostWaiting.own) return `${gibibytes(this.mostWaiting.own)} of yours`
    return all > this.mostWaiting.all ? this.mostOfAll : undefined
  }

  /** How many bytes may wait at all, in words. */
  get mostOfAll(): string {
    return gibibytes(this.mostWaiting.all)
  }

  isTooLarge(received: number, unpacked: number): boolean {
    return unpacked > this.most || unpacked > this.harmless + received * this.mostUnpacked
  }

  get sentence(): string {
    return `${Math.round(this.most / mebibyte)} MiB, or ${this.mostUnpacked} times as many bytes as it came with,`
  }
}

function gibibytes(bytes: number): string {
  return `${Math.round(bytes / gibibyte)} GiB`
}
