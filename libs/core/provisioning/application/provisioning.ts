import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Injectable, Logger } from '@nestjs/common'
import { type Actor, DomainError } from '#kernel'
import { CarriedOperation, sentenceOf } from './carried-operation.ts'
import type { Claim } from './claim.ts'
import type { Journalled, OperationKind, Settling } from './operation-kind.ts'
import type { OperationPlan, PreparedOperation } from './operation-plan.ts'
import { LateReports } from './late-reports.ts'
import { lookKind, type OperationEntry, Operations, type Recalled, type Turn, TurnOver } from './operations.ts'
import { type OperationOutcome, OperationsMeter } from './operations-meter.ts'
import { operationInProgress, operationUnfinished } from './provisioning-errors.ts'
import { RepeatableRequest } from './repeatable-request.ts'

/** What is claimed, and for what. */
export interface Held {
  /** The id of the user or domain. */
  readonly subject: string
  readonly claims: readonly Claim[]
  readonly removesSubject?: boolean
}

/** How long a change of something waits for another change of the same thing. */
const claimsWaitMs = 10_000

/**
 * Runs a change over systems that share no transaction: claims first, then step by step, each written down before it's
 * made, then kitter's records. A refusal undoes what was done, newest first, so that the caller's error means that nothing
 * of it is left; what can't be known or undone now is left to whoever settles it.
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

  async run<Payload extends Journalled, State extends Journalled, Result>(
    actor: Actor,
    plan: OperationPlan<Payload, State, Result>,
  ): Promise<Result> {
    const request = RepeatableRequest.take()
    const earlier = request?.hasComeBefore === true ? await this.operations.recall(request.id) : undefined
    // eslint-disable-next-line no-restricted-syntax -- the request is the same, so its operation gave just this
    if (request !== undefined && earlier !== undefined) return recalled(request, earlier) as Result
    return this.runNew(actor, plan, request)
  }

  /** Has the work done while nobody changes what the claims stand for. It changes nothing itself, and leaves no trace. */
  async hold<Result>(actor: Actor, held: Held, work: () => Promise<Result>): Promise<Result> {
    const turn: Turn = { id: randomUUID(), turn: 0 }
    await this.claim(turn, actor, { ...held, kind: { name: lookKind } }, undefined)
    try {
      return await work()
    } finally {
      // otherwise its lease runs out
      await this.operations.release(turn).catch((failure: unknown) => this.logged(turn, failure))
    }
  }

  private async runNew<Payload extends Journalled, State extends Journalled, Result>(
    actor: Actor,
    plan: OperationPlan<Payload, State, Result>,
    request: RepeatableRequest | undefined,
  ): Promise<Result> {
    const turn: Turn = { id: randomUUID(), turn: 0 }
    const started = performance.now()
    let outcome: OperationOutcome = 'refused'
    try {
      await this.claim(turn, actor, plan, request?.id)
      const result = await this.carryOut(turn, plan, request?.keeps)
      outcome = 'done'
      return result
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unfinished') outcome = 'unfinished'
      throw error
    } finally {
      this.meter.ended(plan.kind.name, outcome, (performance.now() - started) / 1000)
    }
  }

  private async claim(
    { id }: Turn,
    actor: Actor,
    { kind, subject, claims, removesSubject = false }: Held & { readonly kind: { readonly name: string } },
    idempotency: string | undefined,
  ): Promise<void> {
    const deadline = performance.now() + claimsWaitMs
    for (let wait = 10; ; wait = Math.min(wait * 2, 250)) {
      const entry = { id, kind: kind.name, subject, actor, claims, removesSubject, idempotency }
      const held = await this.begin(entry)
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
      this.late.add({ id: entry.id, turn: 0 }, [], sentenceOf(error))
      throw error
    }
  }

  private async carryOut<Payload extends Journalled, State extends Journalled, Result>(
    turn: Turn,
    plan: OperationPlan<Payload, State, Result>,
    keeps: RepeatableRequest['keeps'] | undefined,
  ): Promise<Result> {
    const prepared = await this.prepared(turn, plan)
    const { payload, steps = plan.kind.steps(payload) } = prepared
    // eslint-disable-next-line no-restricted-syntax -- before the first step nothing has been learned
    const carried = new CarriedOperation<State>(this.operations, turn, steps, {} as State)
    try {
      await carried.carryOut(payload)
      const result = prepared.result(carried.state)
      await this.finish(turn, plan.kind, payload, carried, keeps === 'nothing' ? undefined : result)
      return result
    } catch (refusal) {
      throw await this.refused(turn, plan.kind.settling(payload), carried, refusal)
    }
  }

  private async prepared<Payload extends Journalled, State extends Journalled, Result>(
    turn: Turn,
    plan: OperationPlan<Payload, State, Result>,
  ): Promise<PreparedOperation<Payload, State, Result>> {
    try {
      return await plan.prepare()
    } catch (refusal) {
      // nothing has been done: the refusal is the truth, whether or not the journal hears of it now
      const reason = sentenceOf(refusal)
      await this.operations.abandon(turn, [], reason).catch(() => this.late.add(turn, [], reason))
      throw refusal
    }
  }

  private async finish<Payload extends Journalled, State extends Journalled>(
    turn: Turn,
    kind: OperationKind<Payload, State>,
    payload: Payload,
    carried: CarriedOperation<State>,
    result: unknown,
  ): Promise<void> {
    try {
      const { state, written } = carried
      const success = { result, change: kind.change(payload, state) }
      await this.operations.finish(turn, written, (within) => kind.commit(payload, state, within), success)
    } catch (error) {
      const isFinished = await this.operations.isFinished(turn.id).catch(() => undefined)
      if (isFinished === true) return
      // where the journal can't be asked, nobody may undo what may be done
      throw isFinished === false ? error : new JournalLost(error)
    }
  }

  /** What the caller is told: the refusal, where nothing is left of the operation. */
  private async refused<State extends Journalled>(
    turn: Turn,
    settling: Settling,
    carried: CarriedOperation<State>,
    refusal: unknown,
  ): Promise<unknown> {
    if (refusal instanceof TurnOver || refusal instanceof JournalLost) return operationUnfinished(turn.id, refusal)
    if (carried.isUncertain) return this.handedOver(turn, settling, carried, refusal)
    if (!carried.canBeTakenBack) return this.handedOver(turn, 'finish', carried, refusal)
    try {
      await carried.takeBack()
      await this.operations.abandon(turn, carried.written, sentenceOf(refusal))
      return refusal
    } catch (failure) {
      this.logged(turn, failure)
      // what the journal still has of it would be finished otherwise, by whoever finds it
      if (settling !== 'undo' || carried.hasEffects) return this.handedOver(turn, 'undo', carried, refusal)
      this.late.add(turn, carried.written, sentenceOf(refusal))
      return refusal
    }
  }

  private async handedOver<State extends Journalled>(
    turn: Turn,
    settling: Settling,
    { progress }: CarriedOperation<State>,
    refusal: unknown,
  ): Promise<unknown> {
    const postponed = { settling, reason: sentenceOf(refusal), seconds: 0, stuck: false, gaveUp: true }
    await this.operations.postpone(turn, progress, postponed).catch((failure: unknown) => this.logged(turn, failure))
    return operationUnfinished(turn.id, refusal)
  }

  private logged({ id }: Turn, failure: unknown): void {
    this.log.error({ operation: id, err: failure }, 'an operation could not be settled at once')
  }
}

/** It isn't known whether the operation's end was written. */
class JournalLost extends Error {
  constructor(cause: unknown) {
    super('the journal does not answer', { cause })
    this.name = 'JournalLost'
  }
}

/** What an earlier request of the same id has done isn't done again. */
function recalled(request: RepeatableRequest, { id, isDone, result }: Recalled): unknown {
  request.isRecalled = true
  if (!isDone) throw operationUnfinished(id)
  return result
}

function firstTaken(held: readonly Claim[]): DomainError | undefined {
  return held.find(({ taken }) => taken !== undefined)?.taken
}
