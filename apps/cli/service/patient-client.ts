import { setTimeout as pause } from 'node:timers/promises'
import { CannotRun } from '../cannot-run.ts'
import { counted } from '../output/counted.ts'
import type { ServiceAnswer } from './service-answer.ts'
import { ServiceAway } from './service-away.ts'
import type { ServiceClient, ServiceRequest } from './service-client.ts'

export interface Patience {
  /** For how long a request is sent again after it first failed, in seconds. */
  readonly seconds: number
  /** Ends all waiting; without one, nothing ends that before its time. */
  readonly signal?: AbortSignal | undefined
  /** Tells what the service does instead of answering. */
  readonly say: (sentence: string) => void
}

const firstPause = 0.25
const longestPause = 5

/** Sends a request again, after ever longer pauses, while the service is away; then a `CannotRun` says that it stays away. */
export class PatientClient {
  private readonly service: Pick<ServiceClient, 'send'>
  private readonly patience: Patience
  private readonly now: () => number

  constructor(service: Pick<ServiceClient, 'send'>, patience: Patience, now = () => performance.now() / 1000) {
    this.service = service
    this.patience = patience
    this.now = now
  }

  async send(request: ServiceRequest): Promise<ServiceAnswer> {
    let end: number | undefined
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.service.send(request)
      } catch (error) {
        if (!(error instanceof ServiceAway)) throw error
        end ??= this.now() + this.patience.seconds
        await this.wait(error, attempt, end)
      }
    }
  }

  private async wait(away: ServiceAway, attempt: number, end: number): Promise<void> {
    const { seconds, signal, say } = this.patience
    const length = Math.max(away.retryAfter ?? 0, Math.min(firstPause * 2 ** attempt, longestPause))
    if (this.now() + length > end) throw new CannotRun(staysAway(away, seconds), { cause: away })
    say(`Waiting: the service ${away.doing}.`)
    await pause(length * 1000, undefined, { signal }).catch(() => {
      throw new CannotRun(`The service ${away.doing}.`, { cause: away })
    })
  }
}

function staysAway({ doing, retryAfter }: ServiceAway, seconds: number): string {
  if (retryAfter !== undefined && retryAfter > seconds) {
    return `The service ${doing}, and wants to be left alone for ${counted(Math.ceil(retryAfter), 'second')}.`
  }
  return `The service ${doing}, and did so for ${counted(seconds, 'second')}.`
}
