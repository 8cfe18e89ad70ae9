import { DomainError, isOutcomeUnknown } from '#kernel'
import type { Journalled, Step } from './operation-kind.ts'
import type { Operations, Progress, StepRecord, Turn } from './operations.ts'

/**
 * An operation in the hands of whoever carries it on: makes its steps and takes them back, and writes each down before it
 * is tried.
 */
export class CarriedOperation<State extends Journalled> {
  private readonly records: (StepRecord | undefined)[]

  constructor(
    private readonly journal: Operations,
    private readonly turn: Turn,
    private readonly steps: readonly Step<State>[],
    private current: State,
    records: readonly StepRecord[] = [],
  ) {
    this.records = [...records]
  }

  get state(): State {
    return this.current
  }

  get written(): readonly StepRecord[] {
    return this.records.filter((record) => record !== undefined)
  }

  get progress(): Progress {
    return { state: this.current, steps: this.written }
  }

  /** Whether something may have been done and not been taken back. */
  get hasEffects(): boolean {
    return this.records.some(isEffect)
  }

  /** Whether it isn't known of some step whether it took effect, or will. */
  get isUncertain(): boolean {
    return this.written.some(({ state }) => state === 'begun')
  }

  /** Makes all steps in their order. What the first word writes down besides is what the operation is about. */
  async carryOut(payload?: Journalled): Promise<void> {
    for (const [index, step] of this.steps.entries()) await this.make(step, index, index === 0 ? payload : undefined)
  }

  get canBeTakenBack(): boolean {
    return this.steps.every((step, index) => step.undo !== undefined || !isEffect(this.records[index]))
  }

  /** Takes back what was done or may have been, newest first. */
  async takeBack(): Promise<void> {
    for (const [index, step] of [...this.steps.entries()].toReversed()) {
      const record = this.records[index]
      if (!isEffect(record)) continue
      // whoever is too slow learns here that another carries it on
      await this.journal.note(this.turn, this.progress, undefined, 'undo')
      await step.undo?.(this.current)
      // what is uncertain stays so: it may yet take effect
      if (record.state === 'done' && isOnlyTry(record)) this.records[index] = ended(record, 'undone')
      else this.records[index] = { ...record, state: 'begun' }
    }
  }

  /** What was made again may yet take effect a second time. */
  doubt(): void {
    for (const [index, record] of this.records.entries()) {
      if (record?.state === 'done' && !isOnlyTry(record)) this.records[index] = { ...record, state: 'begun' }
    }
  }

  /** What was taken back while it was uncertain can't take effect any more. */
  settle(): void {
    for (const [index, record] of this.records.entries()) {
      if (record?.state === 'begun') this.records[index] = ended(record, 'undone')
    }
  }

  private async make(step: Step<State>, index: number, payload: Journalled | undefined): Promise<void> {
    if (step.look !== undefined) this.current = await step.look(this.current)
    await this.begin(step, index, payload)
    try {
      this.current = await step.do(this.current)
      this.records[index] = ended(this.records[index], 'done')
    } catch (error) {
      this.records[index] = failed(this.records[index], step, error)
      throw error
    }
  }

  /** Nothing is done that isn't written down. */
  private async begin({ name }: Step<State>, index: number, payload: Journalled | undefined): Promise<void> {
    const before = this.records[index]
    this.records[index] = begun(name, before)
    try {
      await this.journal.note(this.turn, this.progress, payload)
    } catch (error) {
      this.records[index] = before
      throw error
    }
  }
}

function isEffect(record: StepRecord | undefined): record is StepRecord {
  return record?.state === 'begun' || record?.state === 'done'
}

export function sentenceOf(error: unknown): string {
  return error instanceof DomainError ? `${error.code}: ${error.message}` : 'an unexpected error'
}

/** Only then is its answer the last word: a try before it may yet take effect. */
function isOnlyTry({ tries }: StepRecord): boolean {
  return tries === 1
}

function failed<State extends Journalled>(
  record: StepRecord | undefined,
  { onlyOnce = false }: Step<State>,
  error: unknown,
): StepRecord {
  const isRefused = error instanceof DomainError && !isOutcomeUnknown(error)
  const tried = ended(record, 'begun')
  return {
    ...tried,
    state: isRefused && (onlyOnce || isOnlyTry(tried)) ? 'refused' : 'begun',
    error: sentenceOf(error),
  }
}

function begun(name: string, before: StepRecord | undefined): StepRecord {
  return { name, state: 'begun', tries: (before?.tries ?? 0) + 1, begunAt: before?.begunAt ?? now() }
}

function ended(record: StepRecord | undefined, state: StepRecord['state']): StepRecord {
  if (record === undefined) throw new Error('the step has not begun')
  return { ...record, state, endedAt: now() }
}

function now(): string {
  return new Date().toISOString()
}
