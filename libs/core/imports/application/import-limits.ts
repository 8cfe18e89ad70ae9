const mebibyte = 1024 * 1024

/** How large a file may be, whose rows wait in kitter's database. */
export class ImportLimits {
  constructor(
    /** In bytes, unpacked. */
    readonly most = 2048 * mebibyte,
    /** How many times as large as it came gzip may make it; rows of users are packed to a tenth at best. */
    readonly mostUnpacked = 100,
    /** Below so many bytes nobody asks. */
    readonly harmless = 16 * mebibyte,
  ) {}

  isTooLarge(received: number, unpacked: number): boolean {
    return unpacked > this.most || unpacked > this.harmless + received * this.mostUnpacked
  }

  get sentence(): string {
    return `${Math.round(this.most / mebibyte)} MiB, or ${this.mostUnpacked} times as many bytes as it came with,`
  }
}
