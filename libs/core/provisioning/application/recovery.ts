import { Injectable, Logger } from '@nestjs/common'
import { DomainError, isOutcomeUnknown } from '#kernel'
import { CarriedOperation, sentenceOf } from './carried-operation.ts'
import type { Journalled, OperationKind, Settling, Step } from './operation-kind.ts'
import { OperationKinds } from './operation-kinds.ts'
import { lookKind, Operations, type Postponed, type Progress, TurnOver, type Unsettled } from './operations.ts'
import { RecoveryPace } from './recovery-pace.ts'

type Kind = OperationKind<Journalled, Journalled>
type Carried = CarriedOperation<Journalled>

const mostHands = 10

/**
 * Settles operations that nobody carries on: whose replica died, lost its lease, or didn't learn what became of a step.
 * An operation is finished or undone, as its kind says; while an effect may yet appear that was to be undone, its claims
 * stay, and it is looked for again.
 */
@Injectable()
export class Recovery {
  private readonly log = new Logger(Recovery.name)
  /** What is being settled now. */
  private readonly hands = new Set<Promise<void>>()

  constructor(
    private readonly operations: Operations,
    private readonly kinds: OperationKinds,
    private readonly pace: RecoveryPace,
  ) {}

  /**
   * Takes over what it finds, as far as it has hands free, and begins to settle it: what hangs keeps nothing else waiting. How
   * many it took over.
   */
  async sweep(): Promise<number> {
    while (this.hands.size >= mostHands) await Promise.race(this.hands)
    const unsettled = await this.operations.takeOver(mostHands - this.hands.size)
    for (const operation of unsettled) {
      const hand = this.settle(operation).finally(() => this.hands.delete(hand))
      this.hands.add(hand)
    }
    return unsettled.length
  }

  /** Once nothing of what it took over is under way any more. */
  async rest(): Promise<void> {
    while (this.hands.size > 0) await Promise.all(this.hands)
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
    let way: () => Promise<void>
    try {
      way = this.wayOf(operation)
    } catch (error) {
      return this.postpone(operation, operation, undefined, error)
    }
    await way()
  }

  private wayOf(operation: Unsettled): () => Promise<void> {
    const { payload } = operation
    if (operation.kind === lookKind) return () => this.operations.release(operation)
    if (payload === undefined) return () => this.undo(operation, this.carried(operation, []))
    const kind = this.kinds.get(operation.kind)
    if (kind === undefined) throw new KindUnknown()
    const carried = this.carried(operation, kind.steps(payload))
    const settling = operation.settling ?? kind.settling(payload)
    return () =>
      settling === 'finish' ? this.finish(operation, kind, payload, carried) : this.undo(operation, carried)
  }

  private carried(operation: Unsettled, steps: readonly Step<Journalled>[]): Carried {
    return new CarriedOperation(this.operations, operation, steps, operation.state, operation.steps)
  }

  /** Every step again: each comes to the same when it's made twice. */
  private async finish(operation: Unsettled, kind: Kind, payload: Journalled, carried: Carried): Promise<void> {
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
      const success = { change: kind.change(payload, state) }
      await this.operations.finish(operation, written, (within) => kind.commit(payload, state, within), success)
      this.log.log({ operation: operation.id, kind: kind.name }, 'finished an operation that was left')
    } catch (error) {
      if (error instanceof TurnOver) throw error
      const left = isSecretGone(error) ? this.secondsLeft(operation) : 0
      if (left > 0) return this.lookAgain(operation, carried, 'finish', left)
      if (isRefusal(error) && carried.canBeTakenBack) return this.undo(operation, carried)
      await this.postpone(operation, carried.progress, 'finish', error)
    }
  }

  private async undo(operation: Unsettled, carried: Carried): Promise<void> {
    try {
      await carried.takeBack()
      const left = carried.isUncertain ? this.secondsLeft(operation) : 0
      if (left > 0) {
        await this.lookAgain(operation, carried, 'undo', left)
        return
      }
      carried.settle()
      const reason = operation.payload === undefined ? 'it had not begun' : 'it was left, and has been undone'
      await this.operations.abandon(operation, carried.written, reason)
      this.log.log({ operation: operation.id, kind: operation.kind }, 'undid an operation that was left')
    } catch (error) {
      if (error instanceof TurnOver) throw error
      await this.postpone(operation, carried.progress, 'undo', error)
    }
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

  /** Without a word on how it is settled where nobody could tell. */
  private async postpone(
    operation: Unsettled,
    { state, steps }: Progress,
    settling: Settling | undefined,
    error: unknown,
  ): Promise<void> {
    const { id, kind, tries } = operation
    // what is away comes back by itself; nobody needs to look for that
    const stuck = tries >= this.pace.mostTries && !isAway(error)
    const reason = error instanceof KindUnknown ? error.message : sentenceOf(error)
    const postponed: Postponed = {
      ...(settling !== undefined && { settling }),
      ...{ reason, seconds: this.pace.secondsAfter(tries), stuck, gaveUp: settling === 'finish' },
    }
    this.log.warn(
      { operation: id, kind, tries, err: error },
      stuck ? 'an operation is stuck' : 'it is tried again later',
    )
    await this.operations.postpone(operation, { state, steps }, postponed)
  }
}

/** A newer kitter began it, or an older one. */
class KindUnknown extends Error {
  constructor() {
    super('this version of kitter does not know its kind')
    this.name = 'KindUnknown'
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
