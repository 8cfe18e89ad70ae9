import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../domain/outcome.ts'
import type { IdempotencyKeys, KeyedRequest, KeyTurn } from './idempotency-keys.ts'

export interface IdempotencyKeysBench {
  readonly keys: IdempotencyKeys
  /** Others, of another replica. */
  readonly others: IdempotencyKeys
  /** Nobody has prolonged the request's lease. */
  expireLease(request: KeyedRequest): Promise<void>
  /** Nobody has used the key for so long. */
  age(request: KeyedRequest, seconds: number): Promise<void>
  /** Enters an operation of the request into the journal; done, what it gave is kept. Its id. */
  operation(turn: KeyTurn, state: 'open' | 'settling' | 'stuck' | 'done' | 'undone'): Promise<string>
  /** Whether something of what a request's operation gave is still in the journal. */
  hasResult(turn: KeyTurn): Promise<boolean>
}

const outcome: Outcome = { result: { status: 201, body: { z: 1, a: ['é"\\', null], '7': true } } }

export function idempotencyKeysContract(name: string, setUp: () => Promise<IdempotencyKeysBench>): void {
  describe(`${name}: idempotency keys`, () => {
    let bench: IdempotencyKeysBench
    let keys: IdempotencyKeys
    let request: KeyedRequest
    beforeAll(async () => {
      bench = await setUp()
      keys = bench.keys
    })
    beforeEach(() => {
      request = { subject: 'somebody', key: randomUUID(), text: 'POST /users\n{"a":1}' }
    })

    async function begun(by = keys): Promise<KeyTurn> {
      const found = await by.begin(request)
      if (found.state !== 'begun') throw new Error(`it is ${found.state}`)
      return found.turn
    }

    const stateOf = async (asked = request, by = keys): Promise<string> => (await by.begin(asked)).state

    it('are taken by one, and run until they are let go', async () => {
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, index) => stateOf(request, index % 2 === 0 ? keys : bench.others)),
      )
      expect(all.toSorted()).toEqual(['begun', ...Array<string>(7).fill('running')])
    })

    it('remember the outcome, as it was', async () => {
      await keys.keep(await begun(), outcome)
      for (const replica of [keys, bench.others]) {
        const found = await replica.begin(request)
        expect(found).toEqual({ state: 'answered', outcome })
        expect(JSON.stringify(found)).toBe(JSON.stringify({ state: 'answered', outcome }))
      }
    })

    it('remember a failure', async () => {
      const failure: Outcome = { failure: { kind: 'conflict', code: 'a.b', message: 'No.' } }
      await keys.keep(await begun(), failure)
      expect(await keys.begin(request)).toEqual({ state: 'answered', outcome: failure })
    })

    it("are each subject's own", async () => {
      await begun()
      expect(await stateOf({ ...request, subject: 'another' })).toBe('begun')
      expect(await stateOf({ ...request, key: request.key.toUpperCase() })).toBe('begun')
    })

    it('stand for one request, whether it runs, has run, or was left', async () => {
      const other = { ...request, text: 'POST /users\n{"a":2}' }
      const turn = await begun()
      expect(await stateOf(other)).toBe('used otherwise')
      await bench.expireLease(request)
      expect(await stateOf(other)).toBe('used otherwise')
      await keys.keep(turn, outcome)
      expect([await stateOf(other), await stateOf(other, bench.others)]).toEqual(['used otherwise', 'used otherwise'])
    })

    it('stand for a request with its password, for whichever replica', async () => {
      const withPassword = (password: string): KeyedRequest => ({ ...request, text: `POST /users\n${password}` })
      request = withPassword('{"password":"one"}')
      await keys.keep(await begun(), outcome)
      expect([await stateOf(), await stateOf(request, bench.others)]).toEqual(['answered', 'answered'])
      for (const other of ['{"password":"two"}', '{"password":"one "}', '{}']) {
        expect(await stateOf(withPassword(other), bench.others)).toBe('used otherwise')
      }
    })

    it('are free for any request when they are let go', async () => {
      await keys.release(await begun())
      request = { ...request, text: 'POST /other' }
      expect(await stateOf()).toBe('begun')
    })

    describe('whose lease has run out', () => {
      it('are taken over by one, under the same id', async () => {
        const before = await begun()
        await bench.expireLease(request)
        const all = await Promise.all(Array.from({ length: 4 }, () => keys.begin(request)))
        const taken = all.flatMap((found) => (found.state === 'begun' ? [found.turn] : []))
        expect(taken).toEqual([{ id: before.id, turn: before.turn + 1 }])
      })

      it('hear nothing from who had them before', async () => {
        const before = await begun()
        await bench.expireLease(request)
        const now = await begun(bench.others)
        await keys.keep(before, outcome)
        await keys.release(before)
        expect(await stateOf()).toBe('running')
        await bench.expireLease(request)
        await keys.prolong(before)
        const next = await begun()
        expect(next.id).toBe(now.id)
        await keys.keep(next, outcome)
        await keys.release(next)
        expect(await stateOf()).toBe('answered')
      })

      it('are kept by whoever prolongs them', async () => {
        const turn = await begun()
        await bench.expireLease(request)
        await keys.prolong(turn)
        expect(await stateOf()).toBe('running')
      })
    })

    describe('whose operation', () => {
      it.each(['open', 'settling', 'stuck'] as const)('is %s tell its id, for as long as it is', async (state) => {
        const turn = await begun()
        const operation = await bench.operation(turn, state)
        expect(await stateOf()).toBe('running')
        await keys.release(turn)
        for (const replica of [keys, bench.others]) {
          expect(await replica.begin(request)).toEqual({ state: 'unsettled', operation })
        }
        expect(await stateOf({ ...request, text: 'POST /other' })).toBe('used otherwise')
      })

      it('is done stand for that request, under the same id', async () => {
        const turn = await begun()
        await bench.operation(turn, 'done')
        await keys.release(turn)
        expect(await stateOf({ ...request, text: 'POST /other' })).toBe('used otherwise')
        expect(await keys.begin(request)).toEqual({ state: 'begun', turn: { id: turn.id, turn: turn.turn + 1 } })
      })

      it('was undone are free', async () => {
        const turn = await begun()
        await bench.operation(turn, 'undone')
        await keys.release(turn)
        expect(await stateOf({ ...request, text: 'POST /other' })).toBe('begun')
      })

      it('has given something have it in one place', async () => {
        const turn = await begun()
        await bench.operation(turn, 'done')
        expect(await bench.hasResult(turn)).toBe(true)
        await keys.keep(turn, outcome)
        expect(await bench.hasResult(turn)).toBe(false)
      })
    })

    describe('are forgotten', () => {
      const day = 86_400

      it('when their time is over, answered or left', async () => {
        await keys.keep(await begun(), outcome)
        await bench.age(request, day + 60)
        const left = { ...request, key: randomUUID() }
        await keys.begin(left)
        await bench.age(left, day + 60)
        await bench.expireLease(left)
        while ((await keys.forget(day)) > 0);
        expect([await stateOf({ ...request, text: '1' }), await stateOf({ ...left, text: '2' })]).toEqual([
          'begun',
          'begun',
        ])
      })

      it('no earlier', async () => {
        await keys.keep(await begun(), outcome)
        await bench.age(request, day - 60)
        await keys.forget(day)
        expect(await stateOf()).toBe('answered')
      })

      it('never while they run, or their operation is not settled', async () => {
        const turn = await begun()
        await bench.age(request, 2 * day)
        await keys.forget(day)
        expect(await stateOf()).toBe('running')
        await bench.operation(turn, 'stuck')
        await keys.release(turn)
        await keys.forget(day)
        expect(await stateOf()).toBe('unsettled')
      })

      it('with what their operation gave', async () => {
        const turn = await begun()
        await bench.operation(turn, 'done')
        await keys.release(turn)
        await bench.age(request, 2 * day)
        await keys.forget(day)
        expect(await bench.hasResult(turn)).toBe(false)
        expect(await stateOf({ ...request, text: '1' })).toBe('begun')
      })
    })
  })
}
