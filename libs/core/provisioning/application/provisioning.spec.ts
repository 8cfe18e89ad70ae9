import { describe, expect, it } from 'vitest'
import { type Actor, DomainError, type Transaction } from '#kernel'
import { type Claim, exclusive, takes } from './claim.ts'
import type { OperationPlan, Step } from './operation-plan.ts'
import { type OperationEntry, Operations } from './operations.ts'
import { type OperationOutcome, OperationsMeter } from './operations-meter.ts'
import { Provisioning } from './provisioning.ts'

const actor: Actor = { subject: 'someone', name: 'someone', role: 'kitter-admin' }
const refusal = new DomainError('conflict', 'test.refused', 'No.')

/** A journal that writes down what it's told; `held` are claims that others hold, one answer for each try. */
class Journal extends Operations {
  readonly lines: string[] = []
  gone = false
  committed = false

  constructor(private readonly held: (readonly Claim[])[] = []) {
    super()
  }

  override begin({ kind }: OperationEntry): Promise<readonly Claim[]> {
    this.lines.push(`begin ${kind}`)
    return Promise.resolve(this.held.shift() ?? [])
  }

  override async finish(_id: string, write: (within: Transaction) => Promise<void>): Promise<void> {
    await write({} as Transaction)
    this.lines.push('finish')
  }

  override isFinished(): Promise<boolean> {
    return this.gone ? Promise.reject(new Error('the database is gone')) : Promise.resolve(this.committed)
  }

  override abandon(_id: string, reason: string): Promise<void> {
    this.lines.push(`abandon: ${reason}`)
    return this.gone ? Promise.reject(new Error('the database is gone')) : Promise.resolve()
  }

  override leaveUnfinished(_id: string, reason: string): Promise<void> {
    this.lines.push(`unfinished: ${reason}`)
    return Promise.resolve()
  }
}

class Meter extends OperationsMeter {
  readonly outcomes: OperationOutcome[] = []

  override ended(_kind: string, outcome: OperationOutcome): void {
    this.outcomes.push(outcome)
  }
}

type Numbers = Readonly<Record<string, number>>

function setUp(held?: (readonly Claim[])[]) {
  const journal = new Journal(held)
  const meter = new Meter()
  return { journal, meter, effects: journal.lines, provisioning: new Provisioning(journal, meter) }
}

function step(effects: string[], name: string, { fails = false, undo = true, undoFails = false } = {}): Step<Numbers> {
  const effect = (what: string, failing: boolean): Promise<void> => {
    effects.push(failing ? `${what} fails` : what)
    return failing ? Promise.reject(refusal) : Promise.resolve()
  }
  return {
    name,
    do: async (state) => {
      await effect(name, fails)
      return { ...state, [name]: Object.keys(state).length }
    },
    ...(undo && { undo: (state: Numbers) => effect(`undo ${name} ${state[name] ?? '?'}`, undoFails) }),
  }
}

function plan(
  steps: readonly Step<Numbers>[],
  overrides: Partial<OperationPlan<Numbers, string>> = {},
): OperationPlan<Numbers, string> {
  return {
    kind: 'test',
    subject: 'subject',
    claims: [exclusive('key')],
    prepare: () =>
      Promise.resolve({
        state: {},
        steps,
        commit: () => Promise.resolve(),
        result: (state) => Object.keys(state).join(),
      }),
    ...overrides,
  }
}

describe('an operation', () => {
  it('takes its steps in order, hands each what the earlier ones learned, and ends with its records', async () => {
    const { provisioning, effects, meter } = setUp()
    const result = await provisioning.run(actor, plan([step(effects, 'a'), step(effects, 'b')]))
    expect(result).toBe('a,b')
    expect(effects).toEqual(['begin test', 'a', 'b', 'finish'])
    expect(meter.outcomes).toEqual(['done'])
  })

  it('undoes what was done, newest first, when a step is refused', async () => {
    const { provisioning, effects, meter } = setUp()
    const steps = [step(effects, 'a'), step(effects, 'b'), step(effects, 'c', { fails: true })]
    await expect(provisioning.run(actor, plan(steps))).rejects.toBe(refusal)
    expect(effects).toEqual(['begin test', 'a', 'b', 'c fails', 'undo b 1', 'undo a 0', 'abandon: test.refused: No.'])
    expect(meter.outcomes).toEqual(['refused'])
  })

  it('has done nothing when what must hold does not', async () => {
    const { provisioning, effects } = setUp()
    const refused = plan([step(effects, 'a')], { prepare: () => Promise.reject(refusal) })
    await expect(provisioning.run(actor, refused)).rejects.toBe(refusal)
    expect(effects).toEqual(['begin test', 'abandon: test.refused: No.'])
  })

  it('undoes everything when its records cannot be written', async () => {
    const { provisioning, effects } = setUp()
    const prepare = () =>
      Promise.resolve({
        state: {},
        steps: [step(effects, 'a')],
        commit: () => Promise.reject(refusal),
        result: () => '',
      })
    await expect(provisioning.run(actor, plan([], { prepare }))).rejects.toBe(refusal)
    expect(effects).toEqual(['begin test', 'a', 'undo a 0', 'abandon: test.refused: No.'])
  })

  it('lets go of its claims once the journal is back, when nothing of it is left', async () => {
    const { provisioning, journal, effects } = setUp()
    const refused = plan([], { prepare: () => Promise.reject(refusal) })
    journal.gone = true
    await expect(provisioning.run(actor, refused)).rejects.toBe(refusal)
    await expect(provisioning.run(actor, refused)).rejects.toBe(refusal)
    const told = effects.length
    journal.gone = false
    await expect.poll(() => effects.slice(told)).toEqual(Array.from({ length: 2 }, () => 'abandon: test.refused: No.'))
  })

  it('lets go of claims of which it does not know whether it got them', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.begin = () => Promise.reject(refusal)
    await expect(provisioning.run(actor, plan([step(effects, 'a')]))).rejects.toBe(refusal)
    await expect.poll(() => effects).toEqual(['abandon: test.refused: No.'])
  })

  it('is done when only the answer to its end was lost', async () => {
    const { provisioning, journal, effects, meter } = setUp()
    journal.committed = true
    const prepare = () =>
      Promise.resolve({
        state: {},
        steps: [step(effects, 'a')],
        commit: () => Promise.reject(refusal),
        result: () => 'yes',
      })
    expect(await provisioning.run(actor, plan([], { prepare }))).toBe('yes')
    expect(effects).toEqual(['begin test', 'a'])
    expect(meter.outcomes).toEqual(['done'])
  })

  it('undoes nothing while nobody can tell whether it ended', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.gone = true
    const prepare = () =>
      Promise.resolve({
        state: {},
        steps: [step(effects, 'a')],
        commit: () => Promise.reject(refusal),
        result: () => '',
      })
    await expect(provisioning.run(actor, plan([], { prepare }))).rejects.toMatchObject({ code: 'operation.unfinished' })
    expect(effects).toEqual(['begin test', 'a', 'unfinished: test.refused: No.'])
  })

  it('stays unfinished, and says so, when something fails behind a step that cannot be undone', async () => {
    const { provisioning, effects, meter } = setUp()
    const steps = [step(effects, 'a', { undo: false }), step(effects, 'b', { fails: true })]
    await expect(provisioning.run(actor, plan(steps))).rejects.toMatchObject({
      kind: 'unfinished',
      code: 'operation.unfinished',
      details: { operation: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    })
    expect(effects).toEqual(['begin test', 'a', 'b fails', 'unfinished: test.refused: No.'])
    expect(meter.outcomes).toEqual(['unfinished'])
  })

  it('stays unfinished when undoing fails', async () => {
    const { provisioning, effects } = setUp()
    const steps = [step(effects, 'a', { undoFails: true }), step(effects, 'b', { fails: true })]
    await expect(provisioning.run(actor, plan(steps))).rejects.toMatchObject({ code: 'operation.unfinished' })
    expect(effects).toEqual(['begin test', 'a', 'b fails', 'undo a 0 fails', 'unfinished: test.refused: No.'])
  })

  it('never writes down what an unexpected error says, which may be anything', async () => {
    const { provisioning, effects } = setUp()
    const failing = plan([], { prepare: () => Promise.reject(new Error('secret')) })
    await expect(provisioning.run(actor, failing)).rejects.toThrow('secret')
    expect(effects).toEqual(['begin test', 'abandon: an unexpected error'])
  })

  it('says what it was refused for, when nothing was done and only the journal is gone', async () => {
    const { provisioning, journal, meter } = setUp()
    journal.gone = true
    const refused = plan([], { prepare: () => Promise.reject(refusal) })
    await expect(provisioning.run(actor, refused)).rejects.toBe(refusal)
    expect(meter.outcomes).toEqual(['refused'])
  })

  it('waits for its turn while another holds what it needs', async () => {
    const { provisioning, effects } = setUp([[exclusive('key')], [exclusive('key')]])
    await provisioning.run(actor, plan([step(effects, 'a')]))
    expect(effects).toEqual(['begin test', 'begin test', 'begin test', 'a', 'finish'])
  })

  it('does not wait for a name that another takes', async () => {
    const { provisioning, effects, meter } = setUp([[exclusive('key'), takes('name', refusal)]])
    await expect(provisioning.run(actor, plan([step(effects, 'a')]))).rejects.toBe(refusal)
    expect(effects).toEqual(['begin test'])
    expect(meter.outcomes).toEqual(['refused'])
  })
})
