import { byteCount } from '../../output/byte-count.ts'
import { duration } from '../../output/duration.ts'
import type { ProgressState } from '../../output/progress.ts'
import { Rate } from '../../output/rate.ts'

/** Tells how much of a file is on its way to the service. */
export class UploadProgress {
  private readonly name: string
  private readonly size: number
  private readonly rate: Rate

  /** `now` in seconds. */
  constructor(name: string, size: number, now?: () => number) {
    this.name = name
    this.size = size
    this.rate = new Rate(now)
  }

  of(sent: number): ProgressState {
    const { name, size } = this
    const rate = this.rate.of(sent)
    const speed = rate === undefined ? '' : `, ${byteCount(rate)}/s, ${duration((size - sent) / rate)} left`
    return {
      text: `Sending ${name}: ${byteCount(sent)} of ${byteCount(size)}${speed}`,
      done: sent,
      total: Math.max(size, 1),
    }
  }
}
