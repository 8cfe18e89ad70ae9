import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, DomainError, outcomeUnknown, systemRefused, systemUnavailable } from '#kernel'
import { TestJournal } from '../../../infrastructure/postgres/test-journal.fixture.ts'
import { exclusive } from './claim.ts'
import type { OperationKind, Settling, Step } from './operation-kind.ts'
import { OperationKinds } from './operation-kinds.ts'
import { lookKind } from './operations.ts'
import { OperationsMeter } from './operations-meter.ts'
import { Provisioning } from './provisioning.ts'
import { Recovery } from './recovery.ts'
import { type Pace, RecoveryPace } from './recovery-pace.ts'

const actor: Actor = { subject: 'someone', name: 'someone', role: 'kitter-admin' }
const refusal = new DomainError('conflict', 'test.refused', 'No.')
const away = systemUnavailable('wac-core')
const unfinished = { code: 'operation.unfinished' }
const patience = { timeout: 10_000, interval: 10 }

class NoMeter extends OperationsMeter {
  override ended(): void {
    // nobody counts
  }
}

type Thing = { readonly id: string; readonly value: string }
type Learned = Readonly<Record<string, string>>
/** Where somebody may stand when the power fails: before the word in the journal, between it and the effect, and behind that. */
type Moment = 'look' | 'before' | 'after'
type Kind = OperationKind<Thing, Learned>

const systems = ['first', 'second', 'third'] as const
const moments = systems.flatMap((system) => (['look', 'before', 'after'] as const).map((when) => `${when} ${system}`))

/** Three systems that keep a value for each thing, and what befalls who changes them. */
class World {
  readonly values = new Map<string, string>()
  readonly changes: string[] = []
  private readonly halts = new Map<string, { readonly reached: () => void; readonly gate: Promise<unknown> }>()
  private readonly errors = new Map<string, Error[]>()

  of(id: string): (string | undefined)[] {
    return systems.map((system) => this.values.get(`${system} ${id}`))
  }

  /** Whoever comes to that point of an operation first stays there until `resume`. */
  halt(point: string): { readonly reached: Promise<unknown>; readonly resume: () => void } {
    const [reached, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    this.halts.set(point, {
      reached: () => {
        reached.resolve(undefined)
      },
      gate: gate.promise,
    })
    return {
      reached: reached.promise,
      resume: () => {
        gate.resolve(undefined)
      },
    }
  }

  /** What the next changes at a system come to instead. */
  fail(change: string, ...errors: Error[]): void {
    this.errors.set(change, errors)
  }

  async at(moment: Moment, system: string): Promise<void> {
    const point = `${moment} ${system}`
    const halt = this.halts.get(point)
    this.halts.delete(point)
    halt?.reached()
    await halt?.gate
  }

  change(what: string, system: string, id: string, value: string | undefined): void {
    const error = this.errors.get(`${what} ${system}`)?.shift()
    if (error !== undefined) throw error
    this.changes.push(`${what} ${system} ${id}`)
    if (value === undefined) this.values.delete(`${system} ${id}`)
    else this.values.set(`${system} ${id}`, value)
  }
}

let journal: TestJournal
let world: World
let kinds: OperationKinds
let secretsUsed: Set<string>
beforeAll(async () => {
  journal = await TestJournal.start()
})
afterAll(() => journal[Symbol.asyncDispose]())
beforeEach(async () => {
  await journal.clear()
  world = new World()
  secretsUsed = new Set()
  kinds = new OperationKinds()
  for (const kind of [create, update, remove]) kinds.add(kind)
})

function step(system: string, { id, value }: Thing, manner: 'create' | 'update' | 'once' | 'remove'): Step<Learned> {
  return {
    name: system,
    look: async (state) => {
      await world.at('look', system)
      return { [system]: world.values.get(`${system} ${id}`) ?? '', ...state }
    },
    do: async (state) => {
      await world.at('before', system)
      world.change('do', system, id, manner === 'remove' ? undefined : value)
      await world.at('after', system)
      return state
    },
    ...((manner === 'create' || manner === 'update') && {
      undo: (state: Learned) => {
        const before = state[system] ?? ''
        world.change('undo', system, id, before === '' ? undefined : before)
        return Promise.resolve()
      },
    }),
  }
}

function kindOf(manner: 'create' | 'update' | 'remove', settling: Settling): Kind {
  return {
    name: `thing.${manner}`,
    settling: () => settling,
    steps: (thing) => systems.map((system) => step(system, thing, manner)),
    commit: ({ id, value }, _, within) => journal.record(within, id, manner === 'remove' ? undefined : value),
    change: () => ({}),
  }
}

const create = kindOf('create', 'undo')
const update = kindOf('update', 'finish')
const remove = kindOf('remove', 'finish')

/** Whose last step needs a secret that only the first to make it has, and can't be taken back. */
function onceOf(thing: Thing): readonly Step<Learned>[] {
  const last = step('third', thing, 'once')
  const first = !secretsUsed.has(thing.id)
  secretsUsed.add(thing.id)
  const check: Step<Learned>['do'] = (state) =>
    world.of(thing.id)[2] === thing.value ? Promise.resolve(state) : Promise.reject(refusal)
  const steps = systems.slice(0, 2).map((system) => step(system, thing, 'update'))
  return [...steps, { ...last, onlyOnce: true, do: first ? last.do.bind(last) : check }]
}

function recovery(pace: Partial<Pace> = {}, known = kinds): Recovery {
  return new Recovery(journal.operations, known, new RecoveryPace(pace))
}

/** Settles what can be settled now. How many were taken over. */
async function sweep(by = recovery()): Promise<number> {
  const count = await by.sweep()
  await by.rest()
  return count
}

function run(kind: Kind, thing: Thing): Promise<string> {
  return new Provisioning(journal.operations, new NoMeter()).run(actor, {
    kind,
    subject: thing.id,
    claims: [exclusive(thing.id)],
    prepare: () => Promise.resolve({ payload: thing, result: () => 'done' }),
  })
}

/** A thing that is everywhere already. */
async function given(value = 'old'): Promise<Thing> {
  const thing = { id: randomUUID(), value }
  await run(create, thing)
  return thing
}

interface Left {
  readonly thing: Thing
  /** What its caller is told if whoever ran it goes on after all. */
  readonly comeBack: () => Promise<string>
}

/** An operation that somebody began and left at that moment, for longer than the lease. */
async function left(kind: Kind, moment: string, thing: Thing = { id: randomUUID(), value: 'new' }): Promise<Left> {
  const { reached, resume } = world.halt(moment)
  const answer = run(kind, thing)
  // what ends before it is reached would never be left
  await Promise.race([reached, answer])
  answer.catch(() => undefined)
  await journal.expireLease(thing.id)
  return {
    thing,
    comeBack: () => {
      resume()
      return answer
    },
  }
}

/** Goes on as if the time of waiting were over, and that for late effects, too. */
async function settled(id: string, by = recovery()): Promise<string | undefined> {
  await journal.ageEffect(id, 331)
  await journal.expireLease(id)
  await sweep(by)
  return journal.stateOf(id)
}

describe('claims that somebody held to look, and left', () => {
  it('are let go, and nobody is told', async () => {
    const id = randomUUID()
    await journal.operations.begin({ id, kind: lookKind, subject: id, actor, claims: [exclusive(id)] })
    await journal.expireLease(id)
    expect(await sweep()).toBe(1)
    expect(await journal.isClaimed(id)).toBe(false)
    expect(await journal.stateOf(id)).toBeUndefined()
  })
})

describe('a create that was left', () => {
  it.each(moments)('%s is undone, whatever of it there is', async (moment) => {
    const { thing } = await left(create, moment)
    expect(await sweep()).toBe(1)
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
    expect(await settled(thing.id)).toBe('undone')
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
    expect(await journal.recordOf(thing.id)).toBeUndefined()
    expect(await journal.isClaimed(thing.id)).toBe(false)
  })

  it('before it had begun is undone at once', async () => {
    const { thing } = await left(create, 'look first')
    await sweep()
    expect(await journal.stateOf(thing.id)).toBe('undone')
    expect(await journal.isClaimed(thing.id)).toBe(false)
  })

  it('keeps its claims while an effect may yet appear, which is removed then', async () => {
    const { thing, comeBack } = await left(create, 'before third')
    await sweep()
    expect(await journal.stateOf(thing.id)).toBe('settling')
    expect(await journal.isClaimed(thing.id)).toBe(true)

    await expect(comeBack()).rejects.toMatchObject(unfinished)
    expect(world.of(thing.id)).toEqual([undefined, undefined, 'new'])

    await journal.expireLease(thing.id)
    await sweep()
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
    expect(await journal.isClaimed(thing.id)).toBe(true)
    expect(await settled(thing.id)).toBe('undone')
    expect(await journal.isClaimed(thing.id)).toBe(false)
  })

  it('is looked for again after longer and longer times, but not beyond the last moment', async () => {
    const { thing } = await left(create, 'after first')
    const waits: number[] = []
    for (let time = 0; time < 8; time++) {
      await journal.expireLease(thing.id)
      await sweep()
      // some of it is over
      waits.push(Math.ceil(await journal.leaseSeconds(thing.id)))
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    await journal.ageEffect(thing.id, 320)
    await journal.expireLease(thing.id)
    await sweep()
    expect(await journal.leaseSeconds(thing.id)).toBeLessThan(12)
  })

  it('is never stuck by being looked for', async () => {
    const { thing } = await left(create, 'after first')
    for (let time = 0; time < 5; time++) {
      await journal.expireLease(thing.id)
      await sweep(recovery({ mostTries: 2 }))
    }
    expect(await journal.stateOf(thing.id)).toBe('settling')
  })

  it('is undone later where that is not possible now', async () => {
    const { thing } = await left(create, 'after second')
    world.fail('undo first', away, away)
    await sweep()
    expect(world.of(thing.id)).toEqual(['new', undefined, undefined])
    expect(await journal.reasonOf(thing.id)).toBe(`service.unavailable: ${away.message}`)
    await settled(thing.id)
    expect(await settled(thing.id)).toBe('undone')
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
  })

  it('by somebody who is told about the outcome is undone as well', async () => {
    const thing = { id: randomUUID(), value: 'new' }
    world.fail('do second', outcomeUnknown('wac-core'))
    await expect(run(create, thing)).rejects.toMatchObject(unfinished)
    await sweep()
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
    expect(await settled(thing.id)).toBe('undone')
  })
})

describe('a delete that was left', () => {
  it.each(moments.slice(1))('%s is finished', async (moment) => {
    const thing = await given()
    await left(remove, moment, thing)
    await sweep()
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
    expect(await journal.stateOf(thing.id)).toBe('done')
    expect(await journal.recordOf(thing.id)).toBeUndefined()
    expect(await journal.isClaimed(thing.id)).toBe(false)
  })

  it('before it had begun leaves everything as it was', async () => {
    const thing = await given()
    await left(remove, 'look first', thing)
    await sweep()
    expect(world.of(thing.id)).toEqual(['old', 'old', 'old'])
    expect([await journal.stateOf(thing.id), await journal.recordOf(thing.id)]).toEqual(['undone', 'old'])
  })

  it('only goes forward, also where it is refused', async () => {
    const thing = await given()
    await left(remove, 'after first', thing)
    world.fail('do second', refusal)
    await sweep()
    expect(await journal.stateOf(thing.id)).toBe('settling')
    expect(await settled(thing.id)).toBe('done')
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
  })
})

describe('an update that was left', () => {
  it.each(moments.slice(1))('%s is finished', async (moment) => {
    const thing = { ...(await given()), value: 'new' }
    await left(update, moment, thing)
    await sweep()
    expect(world.of(thing.id)).toEqual(['new', 'new', 'new'])
    expect([await journal.stateOf(thing.id), await journal.recordOf(thing.id)]).toEqual(['done', 'new'])
    expect(await journal.isClaimed(thing.id)).toBe(false)
  })

  it.each(['after first', 'look second', 'before second', 'after second'])(
    '%s becomes again what it was where the rest is refused',
    async (moment) => {
      const thing = { ...(await given()), value: 'new' }
      await left(update, moment, thing)
      world.fail('do second', refusal)
      await sweep()
      expect(world.of(thing.id)).toEqual(['old', 'old', 'old'])
      expect(await settled(thing.id)).toBe('undone')
      expect([await journal.stateOf(thing.id), await journal.recordOf(thing.id)]).toEqual(['undone', 'old'])
    },
  )

  it('at a step that cannot be made again is undone where that took no effect, though nothing can undo that one', async () => {
    const once = { ...update, name: 'thing.once', steps: onceOf }
    kinds.add(once)
    for (const [moment, values] of [
      ['before third', ['old', 'old', 'old']],
      ['after third', ['new', 'new', 'new']],
    ] as const) {
      const thing = { ...(await given()), value: 'new' }
      await left(once, moment, thing)
      await sweep()
      await settled(thing.id)
      expect(world.of(thing.id)).toEqual(values)
      expect(await journal.isClaimed(thing.id)).toBe(false)
    }
  })

  it('and is being undone is never finished any more, and what comes late is undone, too', async () => {
    const thing = { ...(await given()), value: 'new' }
    const { comeBack } = await left(update, 'before first', thing)
    world.fail('do second', refusal)
    await sweep()
    expect(world.of(thing.id)).toEqual(['old', 'old', 'old'])
    expect(await journal.isClaimed(thing.id)).toBe(true)

    await expect(comeBack()).rejects.toMatchObject(unfinished)
    expect(world.of(thing.id)).toEqual(['new', 'old', 'old'])

    expect(await settled(thing.id)).toBe('undone')
    expect(world.of(thing.id)).toEqual(['old', 'old', 'old'])
  })

  it('is tried again later and later, and stuck in the end, unless a system is only away', async () => {
    const thing = { ...(await given()), value: 'new' }
    await left(update, 'after first', thing)
    world.fail('do second', ...Array.from({ length: 9 }, () => away))
    const waits: number[] = []
    for (let time = 0; time < 4; time++) {
      await journal.expireLease(thing.id)
      await sweep(recovery({ firstSeconds: 3, mostTries: 5 }))
      // some of it is over
      waits.push(Math.ceil(await journal.leaseSeconds(thing.id)))
    }
    expect(waits).toEqual([3, 6, 12, 24])
    expect(await journal.stateOf(thing.id)).toBe('settling')
    await journal.expireLease(thing.id)
    await sweep(recovery({ mostTries: 5 }))
    expect(await journal.stateOf(thing.id)).toBe('settling')
    expect(await journal.reasonOf(thing.id)).toBe(`service.unavailable: ${away.message}`)
    const refused = systemRefused('wac-core')
    world.fail('do second', refused)
    await journal.expireLease(thing.id)
    await sweep(recovery({ mostTries: 5 }))
    expect(await journal.stateOf(thing.id)).toBe('stuck')
    expect(await journal.reasonOf(thing.id)).toBe(`system.refused: ${refused.message}`)
    expect(await journal.isClaimed(thing.id)).toBe(true)
    await journal.expireLease(thing.id)
    expect(await sweep()).toBe(0)
  })

  it('is finished when the other system is back', async () => {
    const thing = { ...(await given()), value: 'new' }
    await left(update, 'after first', thing)
    world.fail('do second', away, outcomeUnknown('wac-core'))
    for (let time = 0; time < 3; time++) {
      await journal.expireLease(thing.id)
      await sweep()
    }
    expect(world.of(thing.id)).toEqual(['new', 'new', 'new'])
    expect(await journal.stateOf(thing.id)).toBe('done')
  })
})

describe('somebody who was slow', () => {
  it('and comes back while another settles it stops, and its caller is told that it is being settled', async () => {
    const { thing, comeBack } = await left(create, 'look second')
    await sweep()
    await expect(comeBack()).rejects.toMatchObject(unfinished)
    expect(world.of(thing.id)).toEqual([undefined, undefined, undefined])
    expect(await settled(thing.id)).toBe('undone')
  })

  it('and comes back when another has finished it is told so', async () => {
    const thing = { ...(await given()), value: 'new' }
    const { comeBack } = await left(update, 'after third', thing)
    await sweep()
    expect(await comeBack()).toBe('done')
    expect(world.of(thing.id)).toEqual(['new', 'new', 'new'])
  })

  it('and comes back before anybody noticed finishes it', async () => {
    const { thing, comeBack } = await left(create, 'after third')
    expect(await comeBack()).toBe('done')
    expect(await sweep()).toBe(0)
    expect(world.of(thing.id)).toEqual(['new', 'new', 'new'])
    expect(await journal.recordOf(thing.id)).toBe('new')
  })
})

describe('a replica that dies while it settles', () => {
  it('may have made a change again, which is waited for as long as for the first', async () => {
    const kind = { ...update, name: 'thing.late', lateHarms: true }
    kinds.add(kind)
    const thing = { ...(await given()), value: 'new' }
    await left(kind, 'before first', thing)
    await journal.ageEffect(thing.id, 331)
    const { reached } = world.halt('before first')
    const dying = recovery()
    await dying.sweep()
    await reached
    await journal.expireLease(thing.id)
    await sweep()
    expect([await journal.stateOf(thing.id), await journal.isClaimed(thing.id)]).toEqual(['settling', true])
    for (let time = 0; time < 3; time++) {
      await journal.expireLease(thing.id)
      await sweep()
    }
    expect(await journal.stateOf(thing.id)).toBe('settling')
    expect(await settled(thing.id)).toBe('done')
    expect(world.of(thing.id)).toEqual(['new', 'new', 'new'])
  })

  it('or looks for it makes nobody wait for longer', async () => {
    const { thing } = await left(create, 'before third')
    await sweep()
    await journal.ageEffect(thing.id, 331)
    await journal.expireLease(thing.id)
    await journal.operations.takeOver(1)
    await journal.expireLease(thing.id)
    await sweep()
    expect(await journal.stateOf(thing.id)).toBe('undone')
  })
})

describe('one that hangs', () => {
  it('keeps nothing else waiting, as long as there are hands', async () => {
    const { thing: hanging } = await left(remove, 'after first')
    const { reached, resume } = world.halt('before second')
    const one = recovery()
    await one.sweep()
    await reached
    for (let round = 0; round < 3; round++) {
      const things: Thing[] = []
      for (let count = 0; count < 9; count++) things.push((await left(create, 'look first')).thing)
      while ((await one.sweep()) > 0);
      for (const { id } of things) await expect.poll(() => journal.stateOf(id), patience).toBe('undone')
    }
    expect(await journal.stateOf(hanging.id)).toBe('settling')
    resume()
    await one.rest()
    expect(await journal.stateOf(hanging.id)).toBe('done')
  })

  it('with as many others as there are hands has nothing more taken over, until one is free', async () => {
    const halts: { readonly reached: Promise<unknown>; readonly resume: () => void }[] = []
    const one = recovery()
    for (let count = 0; count < 10; count++) {
      await left(remove, 'after first')
      const halt = world.halt('before second')
      halts.push(halt)
      await one.sweep()
      await halt.reached
    }
    const { thing } = await left(create, 'look first')
    const waiting = one.sweep()
    expect(await recovery().sweep()).toBe(1)
    await expect.poll(() => journal.stateOf(thing.id), patience).toBe('undone')
    const { thing: next } = await left(create, 'look first')
    halts[3]?.resume()
    expect(await waiting).toBe(1)
    await expect.poll(() => journal.stateOf(next.id), patience).toBe('undone')
    for (const { resume } of halts) resume()
    await one.rest()
  })
})

describe('an operation that this version cannot settle', () => {
  const strangers: readonly (readonly [string, () => OperationKinds, string])[] = [
    ['of an unknown kind', () => new OperationKinds(), 'this version of kitter does not know its kind'],
    ['whose steps it cannot make', () => kindsThat('steps'), 'an unexpected error'],
  ]

  function kindsThat(throws: 'steps'): OperationKinds {
    const others = new OperationKinds()
    others.add({
      ...update,
      [throws]: () => {
        throw new Error('what it is about is not what it was')
      },
    })
    return others
  }

  it.each(strangers)('%s is tried later and later, and stuck in the end', async (_, known, reason) => {
    const thing = { ...(await given()), value: 'new' }
    await left(update, 'after first', thing)
    const waits: number[] = []
    for (let time = 0; time < 3; time++) {
      await journal.expireLease(thing.id)
      await sweep(recovery({ firstSeconds: 3, mostTries: 4 }, known()))
      // some of it is over
      waits.push(Math.ceil(await journal.leaseSeconds(thing.id)))
    }
    expect(waits).toEqual([3, 6, 12])
    expect(await journal.reasonOf(thing.id)).toBe(reason)
    expect(await journal.stateOf(thing.id)).toBe('settling')
    await journal.expireLease(thing.id)
    await sweep(recovery({ mostTries: 4 }, known()))
    expect(await journal.stateOf(thing.id)).toBe('stuck')
    expect(await journal.isClaimed(thing.id)).toBe(true)
    expect(world.of(thing.id)).toEqual(['new', 'old', 'old'])
  })

  it('is finished by one that can, as its kind says', async () => {
    const thing = { ...(await given()), value: 'new' }
    await left(update, 'after first', thing)
    await sweep(recovery({}, new OperationKinds()))
    await journal.expireLease(thing.id)
    await sweep()
    expect(await journal.stateOf(thing.id)).toBe('done')
    expect(world.of(thing.id)).toEqual(['new', 'new', 'new'])
  })
})

describe('several replicas', () => {
  it('settle each operation once', async () => {
    const things: Thing[] = []
    for (let count = 0; count < 25; count++) things.push((await left(create, 'after first')).thing)
    // none is due again before all have looked
    const replicas = Array.from({ length: 4 }, () => recovery({ firstSeconds: 60 }))
    const sweeps = await Promise.all([...replicas, ...replicas].map((replica) => sweep(replica)))
    expect(sweeps.reduce((sum, count) => sum + count, 0)).toBe(25)
    const undone = world.changes.filter((change) => change.startsWith('undo'))
    expect(undone.toSorted()).toEqual(things.map(({ id }) => `undo first ${id}`).toSorted())
  })

  it('of which one does not know a kind leave its operations to the others', async () => {
    const { thing } = await left(create, 'after first')
    await sweep(recovery({}, new OperationKinds()))
    expect(world.of(thing.id)).toEqual(['new', undefined, undefined])
    expect(await journal.isClaimed(thing.id)).toBe(true)
    expect(await settled(thing.id)).toBe('undone')
  })

  it('settle what can be settled beside what cannot', async () => {
    const { thing: bad } = await left(create, 'after first')
    const { thing: good } = await left(create, 'after second')
    world.fail('undo first', away)
    await sweep()
    const values = [world.of(bad.id), world.of(good.id)].flat().filter((value) => value !== undefined)
    expect(values).toHaveLength(1)
    for (const { id } of [bad, good]) expect(await settled(id)).toBe('undone')
    expect([...world.of(bad.id), ...world.of(good.id)].filter((value) => value !== undefined)).toEqual([])
  })
})
