import { Injectable, Logger } from '@nestjs/common'
import { type Actor, canonicalJson } from '#kernel'
import { operationInProgress, operationUnfinished, RepeatableRequest } from '#core/provisioning'
import { idempotencyKeyReused } from '../domain/idempotency-errors.ts'
import { errorOf, finalFailure, type Outcome } from '../domain/outcome.ts'
import { IdempotencyKeys, type KeyTurn } from './idempotency-keys.ts'

export interface AskedWithKey {
  readonly actor: Actor
  readonly key: string
  /** Such as `POST /users?a=b`. */
  readonly line: string
  readonly body: unknown
}

/** What the caller is told: a result, or why there is none. */
export type Told = { readonly isReplay: boolean } & ({ readonly result: unknown } | { readonly error: unknown })

/** Has a request done once, however often it comes under its key, and tells each time what became of it. */
@Injectable()
export class Idempotency {
  private readonly log = new Logger(Idempotency.name)

  constructor(private readonly keys: IdempotencyKeys) {}

  /** What the work gives is kept as JSON. */
  async once({ actor, key, line, body }: AskedWithKey, work: () => Promise<unknown>): Promise<Told> {
    const text = `${line}\n${canonicalJson(body)}`
    const found = await this.keys.begin({ subject: actor.subject, key, text })
    switch (found.state) {
      case 'begun':
        return this.first(found.turn, work)
      case 'answered':
        return { isReplay: true, ...answerOf(found.outcome) }
      case 'unsettled':
        return { isReplay: true, error: operationUnfinished(found.operation) }
      case 'running':
        return { isReplay: false, error: operationInProgress() }
      case 'used otherwise':
        return { isReplay: false, error: idempotencyKeyReused() }
    }
  }

  private async first(turn: KeyTurn, work: () => Promise<unknown>): Promise<Told> {
    const request = new RepeatableRequest(turn.id, turn.turn > 0)
    const beat = setInterval(() => void this.noted(this.keys.prolong(turn)), (this.keys.leaseSeconds * 1000) / 3)
    try {
      const result = await request.run(work)
      await this.noted(this.keys.keep(turn, { result }))
      return { isReplay: request.isRecalled, result }
    } catch (error) {
      const failure = finalFailure(error)
      await this.noted(failure === undefined ? this.keys.release(turn) : this.keys.keep(turn, { failure }))
      return { isReplay: request.isRecalled, error }
    } finally {
      clearInterval(beat)
    }
  }

  /** What is true of the request is told, also where it can't be kept: it ends with the lease then. */
  private async noted(word: Promise<void>): Promise<void> {
    await word.catch((error: unknown) => this.log.warn({ err: error }, 'what became of a request could not be kept'))
  }
}

function answerOf(outcome: Outcome): { readonly result: unknown } | { readonly error: unknown } {
  return 'failure' in outcome ? { error: errorOf(outcome.failure) } : outcome
}
