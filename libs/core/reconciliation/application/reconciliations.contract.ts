import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, DomainError, type Page } from '#kernel'
import { parseDomainName } from '#core/domains'
import { outcomes, type ToldDifference } from '../domain/difference.ts'
import { type Counts, nothingCounted, type Reconciliation } from '../domain/reconciliation.ts'
import {
  type NewReconciliation,
  type Reconciliations,
  type Shift,
  ShiftOver,
  type TakenReconciliation,
} from './reconciliations.ts'

export interface ReconciliationsBench {
  readonly reconciliations: Reconciliations
  /** The same as another replica has it. */
  readonly others: Reconciliations
  /** How long a lease is given for. */
  readonly leaseSeconds: number
  /** How long the reconciliation's lease still runs. */
  leaseLeft(id: string): Promise<number>
  /** Makes its lease run out now. */
  expireLease(id: string): Promise<void>
  /** Makes it have started and ended so many seconds ago, as far as it has. */
  age(id: string, seconds: number): Promise<void>
  /** How many differences are kept of it, also where it isn't there any more. */
  differences(id: string): Promise<number>
  /** No reconciliation any more. */
  clear(): Promise<void>
}

const onePage: Page = { max: 1000, page: 0 }
const admin: Actor = { subject: 'somebody', name: 'Söme "Body" \\', role: 'kitter-admin' }
const policy = { apply: false, adopt: false, remove: false, force: false }
const counts: Counts = { accounts: 7, communicationsUsers: 6, suspects: 5, checked: 4, busy: 3 }
const none = { found: 0, mended: 0, left: 0, refused: 0, unsettled: 0 }

function difference(fields: Partial<ToldDifference> = {}): ToldDifference {
  return {
    about: 'user',
    id: randomUUID(),
    name: 'jo',
    missingIn: [],
    fields: [],
    remedy: 'align',
    outcome: 'found',
    ...fields,
  }
}

export function reconciliationsContract(name: string, setUp: () => Promise<ReconciliationsBench>): void {
  describe(`${name}: reconciliations`, () => {
    let bench: ReconciliationsBench
    let reconciliations: Reconciliations
    beforeAll(async () => {
      bench = await setUp()
      reconciliations = bench.reconciliations
    })
    beforeEach(() => bench.clear())

    const add = (fields: Partial<NewReconciliation> = {}): Promise<Reconciliation> =>
      reconciliations.add({ id: randomUUID(), policy, startedBy: admin, ...fields })

    async function takeOver(by = reconciliations): Promise<TakenReconciliation> {
      const taken = await by.takeOver()
      if (taken === undefined) throw new Error('nothing can be taken over')
      return taken
    }

    async function begun(): Promise<TakenReconciliation> {
      await add()
      return takeOver()
    }

    async function again({ id }: Shift, by = reconciliations): Promise<TakenReconciliation> {
      await bench.expireLease(id)
      return takeOver(by)
    }

    async function ended(state: 'done' | 'failed' | 'cancelled' = 'done'): Promise<string> {
      const shift = await begun()
      if (state === 'cancelled') await reconciliations.cancel(shift.id)
      else await reconciliations.end(shift, state)
      return shift.id
    }

    const now = (date: Date | undefined): boolean => Math.abs(Date.now() - (date?.getTime() ?? 0)) < 10_000
    const running = { code: 'reconciliation.running', kind: 'conflict' } satisfies Partial<DomainError>

    /** Every word that can be said in a shift. */
    const words: readonly (readonly [string, (shift: Shift) => Promise<void>])[] = [
      ['note', (shift) => reconciliations.note(shift, 'users', counts)],
      ['renew', (shift) => reconciliations.renew(shift)],
      ['tell', (shift) => reconciliations.tell(shift, difference())],
      ['postpone', (shift) => reconciliations.postpone(shift, 'late', 0)],
      ['end as done', (shift) => reconciliations.end(shift, 'done')],
      ['end as failed', (shift) => reconciliations.end(shift, 'failed', 'late')],
    ]

    async function expectRefused(shift: Shift): Promise<void> {
      const before = [await reconciliations.find(shift.id), await bench.differences(shift.id)]
      for (const [word, say] of words) await expect(say(shift), word).rejects.toBeInstanceOf(ShiftOver)
      expect([await reconciliations.find(shift.id), await bench.differences(shift.id)]).toEqual(before)
    }

    describe('a new one', () => {
      it('is kept whole, as it was given', async () => {
        const startedBy: Actor = {
          ...{ subject: 'söme', name: `"O'Brien" \\u0000`, role: 'kitter-domain-admin', domain: 'a.b' },
          origin: { address: '192.0.2.7', requestId: 'request' },
        }
        const given = {
          id: randomUUID(),
          domain: parseDomainName('a.b'),
          policy: { apply: true, adopt: false, remove: true, force: false },
          startedBy,
        }
        const kept = await add(given)
        const { startedAt, ...rest } = kept
        expect(now(startedAt)).toBe(true)
        expect(rest).toEqual({
          ...given,
          ...{ state: 'running', phase: 'domains', counts: nothingCounted, differences: none },
          ...{ endedAt: undefined, lastError: undefined },
        })
        expect(await reconciliations.find(given.id)).toEqual(kept)
        expect(await reconciliations.list(onePage)).toEqual({ reconciliations: [kept], total: 1 })
      })

      it('may be of everything', async () => {
        expect((await add()).domain).toBeUndefined()
      })

      it('is refused while there is one, whoever works on it', async () => {
        const { id } = await add()
        await expect(add()).rejects.toMatchObject(running)
        await takeOver()
        await expect(add()).rejects.toMatchObject(running)
        expect((await reconciliations.list(onePage)).reconciliations.map((each) => each.id)).toEqual([id])
      })

      it.each(['done', 'failed', 'cancelled'] as const)('is taken when the one before is %s', async (state) => {
        await ended(state)
        expect(await add()).toMatchObject({ state: 'running' })
      })

      it('is one also when many come at the same moment', async () => {
        const adding = Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? reconciliations : bench.others).add({ id: randomUUID(), policy, startedBy: admin }),
        )
        const settled = await Promise.allSettled(adding)
        const refused = settled.filter((each) => each.status === 'rejected')
        expect(refused).toHaveLength(7)
        for (const { reason } of refused) expect(reason).toMatchObject(running)
        expect((await reconciliations.list(onePage)).total).toBe(1)
      })

      it('never takes the place of one of the same id', async () => {
        const id = await ended()
        await expect(add({ id })).rejects.not.toBeInstanceOf(DomainError)
        expect(await reconciliations.find(id)).toMatchObject({ state: 'done' })
      })
    })

    it('knows nothing of one that is not there', async () => {
      await add()
      const id = randomUUID()
      expect(await reconciliations.find(id)).toBeUndefined()
      expect(await reconciliations.cancel(id)).toBe(false)
      expect(await reconciliations.listDifferences(id, undefined, onePage)).toEqual({ differences: [], total: 0 })
      expect(await reconciliations.told(id, 'user', 'x')).toBeUndefined()
      await expectRefused({ id, turn: 0 })
    })

    it('lists them newest first, page by page, always in the same order', async () => {
      const ids: string[] = []
      for (let count = 0; count < 7; count++) {
        ids.push(await ended())
        await bench.age(ids.at(-1) ?? '', count < 3 ? 1000 : 1000 - count)
      }
      const all = (await reconciliations.list(onePage)).reconciliations.map(({ id }) => id)
      expect(all.slice(0, 4)).toEqual(ids.slice(3).toReversed())
      expect(all.slice(4).toSorted()).toEqual(ids.slice(0, 3).toSorted())
      const pages = await Promise.all([0, 1, 2, 3, 4].map((page) => reconciliations.list({ max: 2, page })))
      expect(pages.flatMap((page) => page.reconciliations.map(({ id }) => id))).toEqual(all)
      expect(pages.map(({ total }) => total)).toEqual([7, 7, 7, 7, 7])
    })

    describe('taking over', () => {
      it('gives the one that is running to one replica, for as long as the lease', async () => {
        const { id } = await add()
        const taken = await Promise.all(
          Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? reconciliations : bench.others).takeOver()),
        )
        const [one, ...more] = taken.filter((each) => each !== undefined)
        expect(more).toEqual([])
        expect(one).toMatchObject({ id, tries: 1, reconciliation: { id, state: 'running', startedBy: admin } })
        const left = await bench.leaseLeft(id)
        expect(left).toBeLessThanOrEqual(bench.leaseSeconds)
        expect(left).toBeGreaterThan(bench.leaseSeconds - 5)
        expect(await reconciliations.takeOver()).toBeUndefined()
      })

      it('gives it to another when the lease has run out, with all that was noted', async () => {
        const first = await begun()
        await reconciliations.note(first, 'users', counts)
        await reconciliations.tell(first, difference({ outcome: 'left' }))
        const second = await again(first, bench.others)
        expect(second.turn).not.toBe(first.turn)
        expect(second.reconciliation).toEqual(await reconciliations.find(first.id))
        expect(second.reconciliation).toMatchObject({ phase: 'users', counts, differences: { ...none, left: 1 } })
      })

      it.each(['done', 'failed', 'cancelled'] as const)('gives none that is %s', async (state) => {
        await bench.expireLease(await ended(state))
        expect(await reconciliations.takeOver()).toBeUndefined()
      })

      it('gives nothing where there is nothing', async () => {
        expect(await reconciliations.takeOver()).toBeUndefined()
      })

      it('counts how often, since it was last further than ever', async () => {
        let shift = await begun()
        const tries: number[] = [shift.tries]
        const next = async (): Promise<void> => {
          shift = await again(shift)
          tries.push(shift.tries)
        }
        await next()
        await next()
        await reconciliations.note(shift, 'accounts', { ...nothingCounted, accounts: 500 })
        await next()
        // begun anew, and broken off before it came as far
        await reconciliations.note(shift, 'accounts', { ...nothingCounted, accounts: 400 })
        await reconciliations.note(shift, 'accounts', { ...nothingCounted, accounts: 500 })
        await reconciliations.renew(shift)
        await reconciliations.tell(shift, difference())
        await next()
        await reconciliations.note(shift, 'accounts', { ...nothingCounted, accounts: 501 })
        await next()
        await reconciliations.note(shift, 'communications_users', nothingCounted)
        await next()
        expect(tries).toEqual([1, 2, 3, 1, 2, 1, 1])
      })
    })

    describe('the words of a shift', () => {
      it.each(words.slice(0, 3))('renew the lease: %s', async (_, say) => {
        const shift = await begun()
        await bench.expireLease(shift.id)
        await say(shift)
        expect(await bench.leaseLeft(shift.id)).toBeGreaterThan(bench.leaseSeconds - 5)
        expect(await reconciliations.takeOver()).toBeUndefined()
      })

      it('are refused when another has taken over', async () => {
        const first = await begun()
        const second = await again(first, bench.others)
        await expectRefused(first)
        await reconciliations.note(second, 'users', counts)
        expect(await reconciliations.find(first.id)).toMatchObject({ phase: 'users' })
      })

      it('are refused of a turn that never was', async () => {
        const shift = await begun()
        await expectRefused({ id: shift.id, turn: shift.turn + 1 })
        await expectRefused({ id: shift.id, turn: shift.turn - 1 })
      })

      it('are refused when somebody has cancelled it', async () => {
        const shift = await begun()
        expect(await reconciliations.cancel(shift.id)).toBe(true)
        await expectRefused(shift)
      })

      it.each(['done', 'failed'] as const)('are refused when it is %s', async (state) => {
        const shift = await begun()
        await reconciliations.end(shift, state)
        await expectRefused(shift)
      })

      it('come before or after its being cancelled, never beside it', async () => {
        for (let time = 0; time < 10; time++) {
          const shift = await begun()
          const [cancelled, ...said] = await Promise.allSettled([
            bench.others.cancel(shift.id),
            ...Array.from({ length: 3 }, () => reconciliations.tell(shift, difference())),
            reconciliations.note(shift, 'users', counts),
          ])
          expect(cancelled).toEqual({ status: 'fulfilled', value: true })
          for (const each of said) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ShiftOver)
          const told = said.slice(0, 3).filter(({ status }) => status === 'fulfilled').length
          expect(await bench.differences(shift.id)).toBe(told)
          expect(await reconciliations.find(shift.id)).toMatchObject({ state: 'cancelled' })
        }
      })

      it('end it in one way only, or cancel it', async () => {
        for (let time = 0; time < 10; time++) {
          const shift = await begun()
          const [isCancelled, ended] = await Promise.all([
            bench.others.cancel(shift.id),
            reconciliations.end(shift, 'done').then(
              () => true,
              (error: unknown) => {
                expect(error).toBeInstanceOf(ShiftOver)
                return false
              },
            ),
          ])
          expect(ended).toBe(!isCancelled)
          expect(await reconciliations.find(shift.id)).toMatchObject({ state: isCancelled ? 'cancelled' : 'done' })
        }
      })
    })

    it('notes how far it is', async () => {
      const shift = await begun()
      await reconciliations.note(shift, 'accounts', counts)
      expect(await reconciliations.find(shift.id)).toMatchObject({ state: 'running', phase: 'accounts', counts })
      const fewer = { ...nothingCounted, suspects: 1 }
      await reconciliations.note(shift, 'domains', fewer)
      expect(await reconciliations.find(shift.id)).toMatchObject({ phase: 'domains', counts: fewer })
    })

    describe('cancelling', () => {
      it('ends it at once, and once', async () => {
        const { id } = await add()
        expect(await bench.others.cancel(id)).toBe(true)
        const cancelled = await reconciliations.find(id)
        expect(cancelled?.state).toBe('cancelled')
        expect(now(cancelled?.endedAt)).toBe(true)
        expect(await reconciliations.cancel(id)).toBe(false)
        expect(await reconciliations.find(id)).toEqual(cancelled)
      })

      it.each(['done', 'failed'] as const)('leaves one that is %s as it is', async (state) => {
        const id = await ended(state)
        const before = await reconciliations.find(id)
        expect(await reconciliations.cancel(id)).toBe(false)
        expect(await reconciliations.find(id)).toEqual(before)
      })
    })

    describe('postponing', () => {
      it('says why, and has it taken over after a while', async () => {
        const shift = await begun()
        await reconciliations.postpone(shift, `service.unavailable: "Gone\0" é`, 1000)
        expect(await reconciliations.takeOver()).toBeUndefined()
        const left = await bench.leaseLeft(shift.id)
        expect([left > 990, left <= 1000]).toEqual([true, true])
        const kept = await reconciliations.find(shift.id)
        expect(kept).toMatchObject({ state: 'running', endedAt: undefined })
        expect(kept?.lastError).toMatch(/^service.unavailable: "Gone.?" é$/)
        expect((await again(shift)).tries).toBe(2)
      })

      it('for no time has it taken over at once', async () => {
        const shift = await begun()
        await reconciliations.postpone(shift, 'no', 0)
        expect(await takeOver(bench.others)).toMatchObject({ id: shift.id, tries: 2 })
      })
    })

    describe('the end', () => {
      it('is for good, and lets the next begin', async () => {
        const shift = await begun()
        await reconciliations.postpone(shift, 'service.unavailable: Gone.', 0)
        await reconciliations.end(await takeOver(), 'done')
        const done = await reconciliations.find(shift.id)
        expect(done).toMatchObject({ state: 'done', lastError: undefined })
        expect(now(done?.endedAt)).toBe(true)
      })

      it('says why it failed', async () => {
        const shift = await begun()
        await reconciliations.end(shift, 'failed', 'reason\0é')
        const failed = await reconciliations.find(shift.id)
        expect(failed?.state).toBe('failed')
        expect(failed?.lastError).toMatch(/^reason.?é$/)
      })

      it('that failed without another reason failed for the last one', async () => {
        const shift = await begun()
        await reconciliations.postpone(shift, 'service.unavailable: Gone.', 0)
        await reconciliations.end(shift, 'failed')
        expect(await reconciliations.find(shift.id)).toMatchObject({ lastError: 'service.unavailable: Gone.' })
      })
    })

    describe('differences', () => {
      it('are kept whole', async () => {
        const shift = await begun()
        const told: ToldDifference = difference({
          name: `ñandú "O'Brien" \\u0000 👩‍👩‍👧`,
          domain: 'a.b',
          missingIn: ['wac-core', 'kitter'],
          fields: [
            { field: 'attributes.constructor', values: { 'wac-core': 'b', keycloak: ['1', null, { z: 1, a: [] }] } },
            { field: 'enabled', values: { kitter: false } },
          ],
          remedy: 'restore',
          outcome: 'refused',
          reason: 'user.name_taken: Taken.',
        })
        await reconciliations.tell(shift, told)
        const { differences, total } = await reconciliations.listDifferences(shift.id, undefined, onePage)
        expect([differences, total]).toEqual([[told], 1])
        expect(JSON.stringify(differences)).toBe(JSON.stringify([told]))
        expect(await reconciliations.told(shift.id, 'user', told.id)).toEqual(told)
      })

      it('may be of texts that the storage could not keep', async () => {
        const shift = await begun()
        const id = 'f:\0:\ud800'
        const fields = [{ field: 'attributes.a\0b', values: { keycloak: ['x\0\udfff', '\\u0000'], kitter: '\\\0' } }]
        await reconciliations.tell(shift, difference({ id, name: 'a\0', fields, reason: '\0' }))
        const told = await reconciliations.told(shift.id, 'user', id)
        expect(told?.fields[0]?.field).toBe('attributes.a\ufffdb')
        expect(told?.fields[0]?.values).toEqual({ keycloak: ['x\ufffd\ufffd', '\\u0000'], kitter: '\\\ufffd' })
      })

      it('stay as they were when nothing was told of one', async () => {
        const shift = await begun()
        await reconciliations.tell(shift, difference({ id: 'a' }))
        for (const [about, id] of [
          ['user', 'b'],
          ['user', 'A'],
          ['domain', 'a'],
        ] as const) {
          expect(await reconciliations.told(shift.id, about, id)).toBeUndefined()
        }
      })

      it('come in the order in which they were found, page by page, also when more is said of one', async () => {
        const shift = await begun()
        const all = Array.from({ length: 7 }, (_, index) => difference({ id: `${7 - index}`, name: `${index}` }))
        for (const each of all) await reconciliations.tell(shift, each)
        const mended = difference({ ...all[2], outcome: 'mended', name: 'new' })
        await reconciliations.tell(shift, mended)
        await reconciliations.tell(await again(shift), { ...mended, name: 'newer' })
        const expected = all.with(2, { ...mended, name: 'newer' })
        const pages = await Promise.all(
          [0, 1, 2, 3, 4].map((page) => reconciliations.listDifferences(shift.id, undefined, { max: 2, page })),
        )
        expect(pages.flatMap(({ differences }) => differences)).toEqual(expected)
        expect(pages.map(({ total }) => total)).toEqual([7, 7, 7, 7, 7])
        expect((await reconciliations.find(shift.id))?.differences).toEqual({ ...none, found: 6, mended: 1 })
      })

      it('of a user and of a domain with the same id are two', async () => {
        const shift = await begun()
        const [user, domain] = [difference({ id: 'a' }), difference({ id: 'a', about: 'domain', outcome: 'left' })]
        await reconciliations.tell(shift, user)
        await reconciliations.tell(shift, domain)
        expect(await reconciliations.told(shift.id, 'user', 'a')).toEqual(user)
        expect(await reconciliations.told(shift.id, 'domain', 'a')).toEqual(domain)
      })

      it('are counted and found by what came of them', async () => {
        const shift = await begun()
        const told = outcomes.flatMap((outcome, index) =>
          Array.from({ length: index + 1 }, () => difference({ outcome })),
        )
        for (const each of told) await reconciliations.tell(shift, each)
        const expected = { found: 1, mended: 2, left: 3, refused: 4, unsettled: 5 }
        expect((await reconciliations.find(shift.id))?.differences).toEqual(expected)
        expect((await reconciliations.list(onePage)).reconciliations[0]?.differences).toEqual(expected)
        for (const outcome of outcomes) {
          const those = told.filter((each) => each.outcome === outcome)
          expect(await reconciliations.listDifferences(shift.id, outcome, onePage)).toEqual({
            differences: those,
            total: those.length,
          })
        }
        expect(await reconciliations.listDifferences(shift.id, 'refused', { max: 3, page: 1 })).toEqual({
          differences: told.filter(({ outcome }) => outcome === 'refused').slice(3),
          total: 4,
        })
      })

      it('of one reconciliation are not those of another', async () => {
        const first = await begun()
        await reconciliations.tell(first, difference({ id: 'a' }))
        await reconciliations.end(first, 'done')
        const second = await begun()
        await reconciliations.tell(second, difference({ id: 'a', outcome: 'mended' }))
        expect(await reconciliations.told(first.id, 'user', 'a')).toMatchObject({ outcome: 'found' })
        expect((await reconciliations.find(second.id))?.differences).toEqual({ ...none, mended: 1 })
        expect((await reconciliations.listDifferences(first.id, undefined, onePage)).total).toBe(1)
      })
    })

    describe('forgetting', () => {
      it('removes those that ended long ago, with their differences, and never one that is running', async () => {
        const ids: string[] = []
        for (const state of ['done', 'failed', 'cancelled', 'running'] as const) {
          const shift = await begun()
          ids.push(shift.id)
          await reconciliations.tell(shift, difference())
          if (state === 'cancelled') await reconciliations.cancel(shift.id)
          else if (state !== 'running') await reconciliations.end(shift, state)
          await bench.age(shift.id, 100)
        }
        const left = async (): Promise<readonly number[]> => Promise.all(ids.map((id) => bench.differences(id)))
        expect(await reconciliations.forgetSome(200)).toBe(0)
        expect(await left()).toEqual([1, 1, 1, 1])
        expect(await reconciliations.forgetSome(50)).toBe(3)
        expect(await reconciliations.forgetSome(50)).toBe(0)
        expect(await left()).toEqual([0, 0, 0, 1])
        expect((await reconciliations.list(onePage)).reconciliations.map(({ id }) => id)).toEqual(ids.slice(3))
      })

      it('keeps a young one', async () => {
        const old = await ended()
        await bench.age(old, 100)
        const young = await ended()
        expect(await reconciliations.forgetSome(50)).toBe(1)
        expect(await reconciliations.find(young)).toBeDefined()
      })
    })
  })
}
