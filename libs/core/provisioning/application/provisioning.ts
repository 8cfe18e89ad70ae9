import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Injectable, Logger } from '@nestjs/common'
import { type Actor, DomainError, isOutcomeUnknown } from '#kernel'
import type { Claim } from './claim.ts'
import { LateReports } from './late-reports.ts'
import type { OperationPlan, OperationState, PreparedOperation, Step } from './operation-plan.ts'
import { type OperationEntry, Operations } from './operations.ts'
import { type OperationOutcome, OperationsMeter } from './operations-meter.ts'
import { operationInProgress, operationUnfinished } from './provisioning-errors.ts'

/** How long a change of something waits for another change of the same thing. */
const claimsWaitMs = 10_000

/**
 * Runs a change over systems that share no transaction: claims first, then step by step, then kitter's records.
 * A refusal undoes what was done, newest first, so that the caller's error means that nothing of it is left.
 */
@Injectable()
export class Provisioning {
  private readonly log = new Logger(Provisioning.name)
  private readonly late: LateReports

  constructor(
    private readonly operations: Operations,
    private readonly meter: OperationsMeter,
  ) {
    this.late = new LateReports(operations)
  }

  async run<State extends OperationState, Result>(actor: Actor, plan: OperationPlan<State, Result>): Promise<Result> {
    const id = randomUUID()
    const started = performance.now()
    let outcome: OperationOutcome = 'refused'
    try {
      await this.claim(id, actor, plan)
      const result = await this.carryOut(id, plan)
      outcome = 'done'
      return result
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unfinished') outcome = 'unfinished'
      throw error
    } finally {
      this.meter.ended(plan.kind, outcome, (performance.now() - started) / 1000)
    }
  }

  private async claim(
    id: string,
    actor: Actor,
    { kind, subject, claims }: Pick<OperationPlan<never, unknown>, 'kind' | 'subject' | 'claims'>,
  ): Promise<void> {
    const deadline = performance.now() + claimsWaitMs
    for (let wait = 10; ; wait = Math.min(wait * 2, 250)) {
      const held = await this.begin({ id, kind, subject, actor: actor.subject, claims })
      if (held.length === 0) return
      const taken = firstTaken(held)
      if (taken !== undefined) throw taken
      if (performance.now() + wait > deadline) throw operationInProgress()
      await pause(wait)
    }
  }

  /** Where the journal's answer is lost the operation may have been entered: it's taken out again. */
  private async begin(entry: OperationEntry): Promise<readonly Claim[]> {
    try {
      return await this.operations.begin(entry)
    } catch (error) {
      this.late.add(entry.id, sentenceOf(error))
      throw error
    }
  }

  private async carryOut<State extends OperationState, Result>(
    id: string,
    plan: OperationPlan<State, Result>,
  ): Promise<Result> {
    const done: Step<State>[] = []
    let prepared: PreparedOperation<State, Result>
    let state: State | undefined
    try {
      prepared = await plan.prepare()
      state = prepared.state
      for (const step of prepared.steps) {
        state = await step.do(state)
        done.push(step)
      }
    } catch (refusal) {
      // what may yet happen can't be undone before it has: the claims stay
      if (isOutcomeUnknown(refusal)) throw await this.unfinished(id, refusal)
      await this.undo(id, plan.kind, done, state, refusal)
      throw refusal
    }
    const last = state
    try {
      await this.operations.finish(id, (within) => prepared.commit(last, within))
    } catch (refusal) {
      if (await this.isFinished(id, done, refusal)) return prepared.result(last)
      await this.undo(id, plan.kind, done, last, refusal)
      throw refusal
    }
    return prepared.result(last)
  }

  /** The journal knows whether only the answer was lost; where it can't be asked, nobody may undo what may be done. */
  private async isFinished(id: string, done: readonly unknown[], refusal: unknown): Promise<boolean> {
    try {
      return await this.operations.isFinished(id)
    } catch {
      if (done.length > 0) throw await this.unfinished(id, refusal)
      return false
    }
  }

  private async undo<State extends OperationState>(
    id: string,
    kind: string,
    done: readonly Step<State>[],
    state: State | undefined,
    refusal: unknown,
  ): Promise<void> {
    const reason = sentenceOf(refusal)
    try {
      if (state !== undefined) await takeBack(done, state)
    } catch (failure) {
      this.log.error({ operation: id, kind, err: failure }, 'an operation could not be undone')
      throw await this.unfinished(id, refusal)
    }
    // nothing of it is left: the refusal is the truth, whether or not the journal hears of it now
    await this.operations.abandon(id, reason).catch(() => this.late.add(id, reason))
  }

  private async unfinished(id: string, refusal: unknown): Promise<DomainError> {
    await this.operations.leaveUnfinished(id, sentenceOf(refusal)).catch((failure: unknown) => {
      this.log.error({ operation: id, err: failure }, 'the journal could not be written')
    })
    return operationUnfinished(id, refusal)
  }
}

function firstTaken(held: readonly Claim[]): DomainError | undefined {
  return held.find(({ taken }) => taken !== undefined)?.taken
}

async function takeBack<State extends OperationState>(done: readonly Step<State>[], state: State): Promise<void> {
  const final = done.find((step) => step.undo === undefined)
  if (final !== undefined) throw new Error(`step ${final.name} can't be taken back`)
  for (const step of done.toReversed()) await step.undo?.(state)
}

function sentenceOf(error: unknown): string {
  return error instanceof DomainError ? `${error.code}: ${error.message}` : 'an unexpected error'
}
