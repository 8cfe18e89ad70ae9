import { Connections } from '../connections.ts'
import { createDirectly, type Credential } from '../directly.ts'
import { fileOf, importFile } from '../import-file.ts'
import { callRepeatedly } from '../load.ts'
import { type Outcome, type Pair, rateOf } from '../pair.ts'
import { domain, newSeries, password, person } from '../people.ts'
import type { ReadyHash } from '../ready-hash.ts'
import type { World } from '../world.ts'

export interface ImportWish {
  /** Nothing, or a hash that's ready, or a plain one. */
  readonly password: 'none' | ReadyHash | 'plain'
  /** In the file, and in the loop, whose rate doesn't depend on how many it's about. */
  readonly users: number
  readonly usersDirectly: number
  /** Of the loop. */
  readonly callers: number
}

/** A file of users, from its upload until the last of them is there; and a loop. */
export function importPair(world: World, wish: ImportWish): Pair {
  return {
    unit: 'users/s',
    kitter: () => importing(world, wish),
    directly: () => looping(world, wish),
  }
}

async function importing(world: World, { users, ...wish }: ImportWish): Promise<Outcome> {
  const file = fileOf(someone(users).map((each) => ({ ...each, domain, ...columnsOf(wish.password) })))
  const begun = performance.now()
  await importFile(world, file, users)
  return rateOf({ count: users, seconds: (performance.now() - begun) / 1000, milliseconds: [] })
}

async function looping(world: World, { usersDirectly: most, callers, ...wish }: ImportWish): Promise<Outcome> {
  using connections = new Connections(callers)
  const people = someone(most).values()
  const credential = credentialOf(wish.password)
  const load = { callers, most, seconds: Number.POSITIVE_INFINITY }
  return rateOf(
    await callRepeatedly(load, async () => {
      const { value } = people.next()
      if (value !== undefined) await createDirectly(world, connections, value, credential)
    }),
  )
}

function someone(count: number) {
  const series = newSeries()
  return Array.from({ length: count }, (_, index) => person(series, index))
}

function columnsOf(wish: ImportWish['password']) {
  if (wish === 'none') return {}
  return wish === 'plain' ? { password } : { passwordHash: wish.text }
}

function credentialOf(wish: ImportWish['password']): Credential | undefined {
  if (wish === 'none') return undefined
  return wish === 'plain' ? { value: password } : wish.credential
}
