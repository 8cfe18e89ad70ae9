import { describe, expect, it } from 'vitest'
import {
  type Actor,
  databaseUnavailable,
  DomainError,
  outcomeUnknown,
  systemUnavailable,
  type Transaction,
} from '#kernel'
import { type Claim, exclusive, takes } from './claim.ts'
import type { Journalled, Settling, Step } from './operation-kind.ts'
import type { OperationPlan, PreparedOperation } from './operation-plan.ts'
import {
  type OperationEntry,
  Operations,
  type Postponed,
  type Progress,
  type StepRecord,
  type Turn,
  TurnOver,
  type Unsettled,
} from './operations.ts'
import { type OperationOutcome, OperationsMeter } from './operations-meter.ts'
import { Provisioning } from './provisioning.ts'

const actor: Actor = { subject: 'someone', name: 'someone', role: 'kitter-admin' }
const refusal = new DomainError('conflict', 'test.refused', 'No.')
const unknown = outcomeUnknown('wac-core')
const unfinished = {
  kind: 'unfinished',
  code: 'operation.unfinished',
  details: { operation: expect.stringMatching(/^[0-9a-f-]{36}$/) },
}

type Word = 'note' | 'finish' | 'isFinished' | 'abandon' | 'release' | 'postpone'

/** A journal that writes down what it's told; `held` are claims that others hold, one answer for each try. */
class Journal extends Operations {
  readonly lines: string[] = []
  /** The words at which it fails from some time on, and how. */
  readonly failures = new Map<Word, { readonly after: number; readonly error: Error }>()
  payload: Journalled | undefined
  learned: Journalled | undefined
  committed = false

  constructor(private readonly held: (readonly Claim[])[] = []) {
    super()
  }

  fails(word: Word, error: Error = databaseUnavailable(), after = 0): void {
    this.failures.set(word, { after, error })
  }

  override begin({ kind }: OperationEntry): Promise<readonly Claim[]> {
    this.lines.push(`begin ${kind}`)
    return Promise.resolve(this.held.shift() ?? [])
  }

  override async note(_: Turn, { state, steps }: Progress, payload?: Journalled, settling?: Settling): Promise<void> {
    await this.heard('note', `${told(steps)}${settling === undefined ? '' : `: ${settling}`}`)
    this.payload ??= payload
    this.learned = state
  }

  override async finish(
    _: Turn,
    steps: readonly StepRecord[],
    write: (within: Transaction) => Promise<void>,
  ): Promise<void> {
    await write({} as Transaction)
    await this.heard('finish', told(steps))
  }

  override recall(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  override async isFinished(): Promise<boolean> {
    await this.heard('isFinished')
    return this.committed
  }

  override abandon(_: Turn, steps: readonly StepRecord[], reason: string): Promise<void> {
    return this.heard('abandon', `${told(steps)}: ${reason}`)
  }

  override release(): Promise<void> {
    return this.heard('release')
  }

  override postpone(
    _: Turn,
    { state, steps }: Progress,
    { settling, reason, seconds, stuck }: Postponed,
  ): Promise<void> {
    expect([seconds, stuck]).toEqual([0, false])
    this.learned = state
    return this.heard('postpone', `${told(steps)}: ${settling}, ${reason}`)
  }

  override takeOver(): Promise<readonly Unsettled[]> {
    return Promise.resolve([])
  }

  private heard(word: Word, what = ''): Promise<void> {
    const failure = this.failures.get(word)
    const earlier = this.lines.filter((line) => line.startsWith(`${word} `)).length
    const isFailing = failure !== undefined && earlier >= failure.after
    this.lines.push(isFailing ? `${word} fails` : `${word} ${what}`.trim())
    return isFailing ? Promise.reject(failure.error) : Promise.resolve()
  }
}

function told(steps: readonly StepRecord[]): string {
  return `[${steps.map(({ name, state }) => `${name} ${state}`).join(', ')}]`
}

class Meter extends OperationsMeter {
  readonly outcomes: OperationOutcome[] = []

  override ended(_kind: string, outcome: OperationOutcome): void {
    this.outcomes.push(outcome)
  }
}

type Numbers = Readonly<Record<string, number>>
type Plan = OperationPlan<Journalled, Numbers, string>

function setUp(held?: (readonly Claim[])[]) {
  const journal = new Journal(held)
  const meter = new Meter()
  return { journal, meter, effects: journal.lines, provisioning: new Provisioning(journal, meter) }
}

interface StepManner {
  readonly fails?: Error
  readonly looks?: boolean
  readonly undo?: boolean
  readonly undoFails?: boolean
}

function step(
  effects: string[],
  name: string,
  { fails, looks = false, undo = true, undoFails = false }: StepManner = {},
): Step<Numbers> {
  const effect = (what: string, error: Error | undefined): Promise<void> => {
    effects.push(error === undefined ? what : `${what} fails`)
    return error === undefined ? Promise.resolve() : Promise.reject(error)
  }
  return {
    name,
    ...(looks && {
      look: async (state: Numbers) => {
        await effect(`look ${name}`, undefined)
        return { [`${name} before`]: 7, ...state }
      },
    }),
    do: async (state) => {
      await effect(name, fails)
      return { ...state, [name]: Object.keys(state).length }
    },
    ...(undo && {
      undo: (state: Numbers) => effect(`undo ${name} ${state[name] ?? '?'}`, undoFails ? refusal : undefined),
    }),
  }
}

interface PlanManner {
  readonly settling?: Settling
  readonly commit?: () => Promise<void>
  readonly prepare?: Plan['prepare']
}

function plan(
  steps: readonly Step<Numbers>[],
  { settling = 'undo', commit = () => Promise.resolve(), prepare }: PlanManner = {},
): Plan {
  const prepared: PreparedOperation<Journalled, Numbers, string> = {
    payload: { about: 'this' },
    result: (state) => Object.keys(state).join(),
  }
  return {
    kind: { name: 'test', steps: () => steps, settling: () => settling, commit, change: () => ({}) },
    subject: 'subject',
    claims: [exclusive('key')],
    prepare: prepare ?? (() => Promise.resolve(prepared)),
  }
}

describe('an operation', () => {
  it('writes each step down before it makes it, hands each what the earlier ones learned, and ends with its records', async () => {
    const { provisioning, journal, effects, meter } = setUp()
    const commit = (): Promise<void> => {
      effects.push('commit')
      return Promise.resolve()
    }
    const result = await provisioning.run(actor, plan([step(effects, 'a'), step(effects, 'b')], { commit }))
    expect(result).toBe('a,b')
    expect(effects).toEqual([
      'begin test',
      'note [a begun]',
      'a',
      'note [a done, b begun]',
      'b',
      'commit',
      'finish [a done, b done]',
    ])
    expect(journal.payload).toEqual({ about: 'this' })
    expect(meter.outcomes).toEqual(['done'])
  })

  it('writes down what undoing a step will need before it makes the step', async () => {
    const { provisioning, journal, effects } = setUp()
    await provisioning.run(actor, plan([step(effects, 'a', { looks: true })]))
    expect(effects).toEqual(['begin test', 'look a', 'note [a begun]', 'a', 'finish [a done]'])
    expect(journal.learned).toEqual({ 'a before': 7 })
  })

  it('takes the steps that the plan has prepared, which may know secrets, rather than those of its kind', async () => {
    const { provisioning, journal, effects } = setUp()
    const prepare: Plan['prepare'] = () =>
      Promise.resolve({ payload: { about: 'this' }, steps: [step(effects, 'own')], result: () => 'yes' })
    expect(await provisioning.run(actor, plan([step(effects, 'a')], { prepare }))).toBe('yes')
    expect(effects).toEqual(['begin test', 'note [own begun]', 'own', 'finish [own done]'])
    expect(journal.payload).toEqual({ about: 'this' })
  })

  it('ends at once where there is nothing to do', async () => {
    const { provisioning, effects } = setUp()
    expect(await provisioning.run(actor, plan([]))).toBe('')
    expect(effects).toEqual(['begin test', 'finish []'])
  })

  it('undoes what was done, newest first, when a step is refused', async () => {
    const { provisioning, effects, meter } = setUp()
    const steps = [step(effects, 'a'), step(effects, 'b'), step(effects, 'c', { fails: refusal })]
    await expect(provisioning.run(actor, plan(steps))).rejects.toBe(refusal)
    expect(effects.slice(5)).toEqual([
      'note [a done, b done, c begun]',
      'c fails',
      'note [a done, b done, c refused]: undo',
      'undo b 1',
      'note [a done, b undone, c refused]: undo',
      'undo a 0',
      'abandon [a undone, b undone, c refused]: test.refused: No.',
    ])
    expect(meter.outcomes).toEqual(['refused'])
  })

  it.each(['undo', 'finish'] as const)(
    'leaves nothing of what was refused, also where it would be settled by %s',
    async (settling) => {
      const { provisioning, effects } = setUp()
      const steps = [step(effects, 'a'), step(effects, 'b', { fails: systemUnavailable('wac-core') })]
      await expect(provisioning.run(actor, plan(steps, { settling }))).rejects.toMatchObject({ kind: 'unavailable' })
      expect(effects.slice(-2)).toEqual([
        'undo a 0',
        'abandon [a undone, b refused]: service.unavailable: wac-core does not answer. Nothing was changed.',
      ])
    },
  )

  it('has done nothing when what must hold does not', async () => {
    const { provisioning, effects } = setUp()
    const refused = plan([step(effects, 'a')], { prepare: () => Promise.reject(refusal) })
    await expect(provisioning.run(actor, refused)).rejects.toBe(refusal)
    expect(effects).toEqual(['begin test', 'abandon []: test.refused: No.'])
  })

  it('undoes everything when its records cannot be written', async () => {
    const { provisioning, effects } = setUp()
    const commit = (): Promise<void> => Promise.reject(refusal)
    await expect(provisioning.run(actor, plan([step(effects, 'a')], { commit }))).rejects.toBe(refusal)
    expect(effects.slice(2)).toEqual([
      'a',
      'isFinished',
      'note [a done]: undo',
      'undo a 0',
      'abandon [a undone]: test.refused: No.',
    ])
  })

  it('never writes down what an unexpected error says, which may be anything', async () => {
    const { provisioning, effects } = setUp()
    const failing = plan([], { prepare: () => Promise.reject(new Error('secret')) })
    await expect(provisioning.run(actor, failing)).rejects.toThrow('secret')
    const steps = [step(effects, 'a', { fails: new Error('secret') })]
    await expect(provisioning.run(actor, plan(steps))).rejects.toMatchObject(unfinished)
    expect(effects.join()).not.toContain('secret')
    expect(effects[1]).toBe('abandon []: an unexpected error')
  })

  it('waits for its turn while another holds what it needs', async () => {
    const { provisioning, effects } = setUp([[exclusive('key')], [exclusive('key')]])
    await provisioning.run(actor, plan([step(effects, 'a')]))
    expect(effects.slice(0, 4)).toEqual(['begin test', 'begin test', 'begin test', 'note [a begun]'])
  })

  it('does not wait for a name that another takes', async () => {
    const { provisioning, effects, meter } = setUp([[exclusive('key'), takes('name', refusal)]])
    await expect(provisioning.run(actor, plan([step(effects, 'a')]))).rejects.toBe(refusal)
    expect(effects).toEqual(['begin test'])
    expect(meter.outcomes).toEqual(['refused'])
  })
})

describe('an operation that cannot be settled at once', () => {
  it.each(['undo', 'finish'] as const)(
    'is handed over with all that is known when nobody knows what became of a step, to %s it',
    async (settling) => {
      const { provisioning, journal, effects, meter } = setUp()
      const steps = [step(effects, 'a'), step(effects, 'b', { fails: unknown }), step(effects, 'c')]
      await expect(provisioning.run(actor, plan(steps, { settling }))).rejects.toMatchObject(unfinished)
      expect(effects.slice(3)).toEqual([
        'note [a done, b begun]',
        'b fails',
        `postpone [a done, b begun]: ${settling}, service.unavailable: wac-core did not answer in time.`,
      ])
      expect(journal.learned).toEqual({ a: 0 })
      expect(meter.outcomes).toEqual(['unfinished'])
    },
  )

  it('is handed over to be finished when something fails behind a step that cannot be undone', async () => {
    const { provisioning, effects, meter } = setUp()
    const steps = [step(effects, 'a', { undo: false }), step(effects, 'b', { fails: refusal })]
    await expect(provisioning.run(actor, plan(steps, { settling: 'finish' }))).rejects.toMatchObject(unfinished)
    expect(effects.slice(-2)).toEqual(['b fails', 'postpone [a done, b refused]: finish, test.refused: No.'])
    expect(meter.outcomes).toEqual(['unfinished'])
  })

  it.each(['undo', 'finish'] as const)(
    'is handed over to be undone when undoing fails, whatever its kind would do: %s',
    async (settling) => {
      const { provisioning, effects } = setUp()
      const steps = [
        step(effects, 'a', { undoFails: true }),
        step(effects, 'b'),
        step(effects, 'c', { fails: refusal }),
      ]
      await expect(provisioning.run(actor, plan(steps, { settling }))).rejects.toMatchObject(unfinished)
      expect(effects.slice(-3)).toEqual([
        'note [a done, b undone, c refused]: undo',
        'undo a 0 fails',
        'postpone [a done, b undone, c refused]: undo, test.refused: No.',
      ])
    },
  )
})

describe('an operation that another replica carries on', () => {
  const over = new TurnOver('id')

  it('is left alone from the word on that says so', async () => {
    const { provisioning, journal, effects, meter } = setUp()
    journal.fails('note', over, 1)
    const steps = [step(effects, 'a'), step(effects, 'b'), step(effects, 'c')]
    await expect(provisioning.run(actor, plan(steps))).rejects.toMatchObject(unfinished)
    expect(effects).toEqual(['begin test', 'note [a begun]', 'a', 'note fails'])
    expect(meter.outcomes).toEqual(['unfinished'])
  })

  it('is left alone at its end', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.fails('finish', over)
    await expect(provisioning.run(actor, plan([step(effects, 'a')]))).rejects.toMatchObject(unfinished)
    expect(effects.slice(2)).toEqual(['a', 'finish fails', 'isFinished'])
  })

  it('is a success where the other has finished it', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.fails('finish', over)
    journal.committed = true
    expect(await provisioning.run(actor, plan([step(effects, 'a')]))).toBe('a')
  })
})

describe('an operation whose journal is away', () => {
  it('has done nothing, and says so, where it was to be undone and no step was made', async () => {
    const { provisioning, journal, effects, meter } = setUp()
    for (const word of ['note', 'abandon', 'postpone'] as const) journal.fails(word)
    const running = provisioning.run(actor, plan([step(effects, 'a')]))
    await expect(running).rejects.toMatchObject({ code: 'service.unavailable' })
    expect(effects).toEqual(['begin test', 'note fails', 'abandon fails'])
    expect(meter.outcomes).toEqual(['refused'])
  })

  it('may be finished yet where that is what its kind does: the note may have arrived', async () => {
    const { provisioning, journal, effects, meter } = setUp()
    for (const word of ['note', 'abandon', 'postpone'] as const) journal.fails(word)
    const running = provisioning.run(actor, plan([step(effects, 'a')], { settling: 'finish' }))
    await expect(running).rejects.toMatchObject(unfinished)
    expect(effects).toEqual(['begin test', 'note fails', 'abandon fails', 'postpone fails'])
    expect(meter.outcomes).toEqual(['unfinished'])
  })

  it('makes no step that it could not write down, and takes none back without a word either', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.fails('note', databaseUnavailable(), 1)
    const running = provisioning.run(actor, plan([step(effects, 'a'), step(effects, 'b')], { settling: 'finish' }))
    await expect(running).rejects.toMatchObject(unfinished)
    expect(effects.slice(2)).toEqual([
      'a',
      'note fails',
      'note fails',
      "postpone [a done]: undo, service.unavailable: kitter's database does not answer.",
    ])
  })

  it('is not said to be undone where the journal would have it finished', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.fails('note', databaseUnavailable(), 1)
    for (const word of ['abandon', 'postpone'] as const) journal.fails(word)
    const running = provisioning.run(actor, plan([step(effects, 'a'), step(effects, 'b')], { settling: 'finish' }))
    await expect(running).rejects.toMatchObject(unfinished)
    expect(effects.slice(3)).toEqual(['note fails', 'note fails', 'postpone fails'])
  })

  it('is unfinished where it was not even possible to hand it over', async () => {
    const { provisioning, journal, effects } = setUp()
    journal.fails('postpone')
    const steps = [step(effects, 'a', { fails: unknown })]
    await expect(provisioning.run(actor, plan(steps))).rejects.toMatchObject(unfinished)
    expect(effects.slice(2)).toEqual(['a fails', 'postpone fails'])
  })

  it('is done when only the answer to its end was lost', async () => {
    const { provisioning, journal, effects, meter } = setUp()
    journal.committed = true
    journal.fails('finish')
    expect(await provisioning.run(actor, plan([step(effects, 'a')]))).toBe('a')
    expect(effects.slice(2)).toEqual(['a', 'finish fails', 'isFinished'])
    expect(meter.outcomes).toEqual(['done'])
  })

  it('is not undone while nobody can tell whether it ended', async () => {
    const { provisioning, journal, effects } = setUp()
    for (const word of ['finish', 'isFinished'] as const) journal.fails(word)
    await expect(provisioning.run(actor, plan([step(effects, 'a')]))).rejects.toMatchObject(unfinished)
    expect(effects.slice(2)).toEqual(['a', 'finish fails', 'isFinished fails'])
  })

  it('says what it was refused for, when nothing was done', async () => {
    const { provisioning, journal, meter } = setUp()
    journal.fails('abandon')
    const refused = plan([], { prepare: () => Promise.reject(refusal) })
    await expect(provisioning.run(actor, refused)).rejects.toBe(refusal)
    expect(meter.outcomes).toEqual(['refused'])
  })
})

describe('what is only looked at', () => {
  const held = { subject: 'subject', claims: [exclusive('key')] }

  it('is claimed meanwhile, and leaves no trace', async () => {
    const { journal, provisioning } = setUp()
    const looked = await provisioning.hold(actor, held, () => {
      journal.lines.push('look')
      return Promise.resolve('seen')
    })
    expect(looked).toBe('seen')
    expect(journal.lines).toEqual(['begin look', 'look', 'release'])
  })

  it('is let go also where looking fails, and where the journal is away by then', async () => {
    const { journal, provisioning } = setUp()
    journal.fails('release')
    const looking = provisioning.hold(actor, held, () => Promise.reject(new Error('blind')))
    await expect(looking).rejects.toThrow('blind')
    expect(journal.lines).toEqual(['begin look', 'release fails'])
  })
})
