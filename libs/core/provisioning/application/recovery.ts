import { Injectable, Logger } from '@nestjs/common'
import { DomainError, isOutcomeUnknown } from '#kernel'
import { CarriedOperation, sentenceOf } from './carried-operation.ts'
import type { Journalled, OperationKind, Settling } from './operation-kind.ts'
import { OperationKinds } from './operation-kinds.ts'
import { Operations, type Postponed, type Turn, TurnOver, type Unsettled } from './operations.ts'
import { RecoveryPace } from './recovery-pace.ts'

type Kind = OperationKind<Journalled, Journalled>
type Carried = CarriedOperation<Journalled>

const atOnce = 10

/**
 * Settles operations that nobody carries on: whose replica died, lost its lease, or didn't learn what became of a step.
 * An operation is finished or undone, as its kind says; while an effect may yet appear that was to be undone, its claims
 * stay, and it is looked for again.
 */
@Injectable()
export class Recovery {
  private readonly log = new Logger(Recovery.name)

  constructor(
    private readonly operations: Operations,
    private readonly kinds: OperationKinds,
    private readonly pace: RecoveryPace,
  ) {}

  /** Settles what it finds. How many it took over. */
  async sweep(): Promise<number> {
    const unsettled = await this.operations.takeOver(atOnce)
    await Promise.all(unsettled.map((operation) => this.settle(operation)))
    return unsettled.length
  }

  private async settle(operation: Unsettled): Promise<void> {
    try {
      await this.carryOn(operation)
    } catch (error) {
      // another replica has it now, or the journal is away and somebody takes it over later
      const isOthers = error instanceof TurnOver
      if (!isOthers) this.log.error({ operation: operation.id, err: error }, 'an operation could not be settled')
    }
  }

  private async carryOn(operation: Unsettled): Promise<void> {
    const { id, payload } = operation
    if (payload === undefined) return this.operations.abandon(operation, [], 'it had not begun')
    const kind = this.kinds.get(operation.kind)
    if (kind === undefined) throw new Error(`operation ${id} is of a kind that this version doesn't know`)
    const carried = new CarriedOperation(
      this.operations,
      operation,
      kind.steps(payload),
      operation.state,
      operation.steps,
    )
    const settling = operation.settling ?? kind.settling(payload)
    await (settling === 'finish' ? this.finish(operation, kind, carried) : this.undo(operation, carried))
  }

  /** Every step again: each comes to the same when it's made twice. */
  private async finish(operation: Unsettled, kind: Kind, carried: Carried): Promise<void> {
    try {
      const wasUncertain = carried.isUncertain
      await carried.carryOut()
      const left = wasUncertain && kind.lateHarms === true ? this.secondsLeft(operation) : 0
      if (left > 0) {
        carried.doubt()
        await this.lookAgain(operation, carried, 'finish', left)
        return
      }
      const { state, written } = carried
      const payload = operation.payload ?? {}
      const change = kind.change?.(payload, state)
      await this.operations.finish(
        operation,
        written,
        (within) => kind.commit(payload, state, within),
        undefined,
        change,
      )
      this.log.log({ operation: operation.id, kind: kind.name }, 'finished an operation that was left')
    } catch (error) {
      if (error instanceof TurnOver) throw error
      const left = isSecretGone(error) ? this.secondsLeft(operation) : 0
      if (left > 0) return this.lookAgain(operation, carried, 'finish', left)
      if (isRefusal(error) && carried.canBeTakenBack) return this.undo(operation, carried)
      await this.postpone(operation, carried, 'finish', error)
    }
  }

  private async undo(operation: Unsettled, carried: Carried): Promise<void> {
    try {
      await carried.takeBack()
    } catch (error) {
      return this.postpone(operation, carried, 'undo', error)
    }
    const left = carried.isUncertain ? this.secondsLeft(operation) : 0
    if (left > 0) return this.lookAgain(operation, carried, 'undo', left)
    carried.settle()
    await this.operations.abandon(operation, carried.written, 'it was left, and has been undone')
    this.log.log({ operation: operation.id, kind: operation.kind }, 'undid an operation that was left')
  }

  /** Until no effect can appear any more that somebody gave up on. */
  private secondsLeft({ secondsSinceEffect }: Unsettled): number {
    return this.pace.lateSeconds - secondsSinceEffect
  }

  private lookAgain(operation: Unsettled, { progress }: Carried, settling: Settling, left: number): Promise<void> {
    const seconds = Math.min(this.pace.secondsAfter(operation.tries), left + 1)
    const reason = 'an effect may yet appear'
    return this.operations.postpone(operation, progress, { settling, reason, seconds, stuck: false })
  }

  private async postpone(operation: Turn & Unsettled, { progress }: Carried, settling: Settling, error: unknown) {
    const { id, kind, tries } = operation
    // what is away comes back by itself; nobody needs to look for that
    const stuck = tries >= this.pace.mostTries && !isAway(error)
    const seconds = this.pace.secondsAfter(tries)
    const gaveUp = settling === 'finish'
    const postponed: Postponed = { settling, reason: sentenceOf(error), seconds, stuck, gaveUp }
    this.log.warn(
      { operation: id, kind, tries, err: error },
      stuck ? 'an operation is stuck' : 'it is tried again later',
    )
    await this.operations.postpone(operation, progress, postponed)
  }
}

function isAway(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable'
}

function isSecretGone(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'operation.secret_gone'
}

/** A word that won't change by asking again. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof DomainError) || isOutcomeUnknown(error)) return false
  return error.kind !== 'unavailable' && error.kind !== 'refused_elsewhere'
}
