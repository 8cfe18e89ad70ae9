import { randomUUID } from 'node:crypto'
import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { footprintOf } from './footprint.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { isLong } from './length.fixture.ts'
import { type Moment, Trap, type Verdict } from './trap.fixture.ts'

type Fate = Verdict | 'kill'

const fates: readonly (readonly [Moment, Fate])[] = [
  ['before', 'drop'],
  ['after', 'drop'],
  ['before', 'kill'],
  ['after', 'kill'],
  ['instead', { sqlState: 'XX000' }],
]
/** The other systems' places are those of every change: they are tried with all its steps. */
const places = ['INSERT INTO kitter.user_extensions', ...(isLong ? [' sandbox.accounts'] : [])]
const cases = places.flatMap((place) =>
  fates.map(([moment, fate]) => ({ place, moment, fate, told: JSON.stringify(fate) })),
)

interface Sides {
  readonly name: string
  readonly document: string
}

describe('A document that a dialect keeps beside a user', () => {
  let lab: Lab
  let users: string
  beforeAll(async () => {
    lab = await Lab.open(2, { DIALECTS: 'kazoo', LOGIN_NAMES: 'domain' })
    await lab.createDomain('extended.example')
    const [domain] = await lab.rows<{ readonly id: string }>(
      `SELECT id FROM kitter.domains WHERE name = 'extended.example'`,
    )
    users = `/v2/accounts/00000000${domain?.id ?? ''}/users`
  })
  afterAll(() => lab[Symbol.asyncDispose]())

  async function callInto(
    bait: readonly string[],
    { moment, fate }: (typeof cases)[number],
    call: Parameters<Lab['call']>[1],
  ) {
    const [first] = lab.replicas
    if (first === undefined) throw new Error('no kitter is left')
    const trap = lab.traps.set(new Trap(bait, moment, fate === 'kill' ? undefined : fate))
    const heard = lab.call(first, call)
    const early = await Promise.race([trap.sprung, heard])
    if (early !== undefined) throw new Error(`nothing was caught: ${early.status ?? 'no answer'}`)
    if (fate === 'kill') {
      await lab.kill(first)
      trap.release('drop')
      await lab.add()
    }
    const { status } = await heard
    await lab.settled(60_000)
    return status
  }

  it.each(cases)('comes with the user or not at all: $place, $moment, $told', async (wanted) => {
    const word = `made-${randomUUID()}`
    const body = { data: { username: word, first_name: 'Ann', last_name: 'Other', custom: { word } } }
    const status = await callInto([wanted.place.replace(/^ /, 'INSERT INTO '), word], wanted, {
      method: 'PUT',
      path: users,
      body,
    })
    const { users: records, accounts, wacUsers } = await footprintOf(lab, word)
    const documents = await lab.rows('SELECT FROM kitter.user_extensions WHERE document::text LIKE $1', `%${word}%`)
    const counts = [records, accounts, wacUsers, documents].map(({ length }) => length)
    expect([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ]).toContainEqual(counts)
    if (status === 201) expect(counts).toEqual([1, 1, 1, 1])
  })

  it.each(cases)('changes with the user or not at all: $place, $moment, $told', async (wanted) => {
    const word = `changed-${randomUUID()}`
    const made = await lab.call(undefined, {
      method: 'PUT',
      path: users,
      body: { data: { username: word, first_name: `${word} Before`, last_name: 'Other', custom: 'Before' } },
    })
    expect(made.status).toBe(201)
    const { id } = (made.body as { readonly data: { readonly id: string } }).data
    const status = await callInto([wanted.place.replace(/^ /, 'UPDATE '), word], wanted, {
      method: 'PATCH',
      path: `${users}/${id}`,
      body: { data: { first_name: `${word} After`, custom: `After ${word}` } },
    })
    const { users: records, accounts } = await footprintOf(lab, word)
    const documents = await lab.rows<Sides>('SELECT document FROM kitter.user_extensions WHERE user_id = $1', id)
    const isAfter = [records, accounts, documents].map(
      (rows) => rows.length === 1 && JSON.stringify(rows).includes('After'),
    )
    expect([
      [true, true, true],
      [false, false, false],
    ]).toContainEqual(isAfter)
    if (status === 200) expect(isAfter).toEqual([true, true, true])
  })
})
