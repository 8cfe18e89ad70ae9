import type { Bench } from './bench.ts'
import { fillKeycloak, fillKitter } from './fill.ts'
import type { Pair } from './pair.ts'
import { createPair } from './pairs/create.ts'
import { askingKitter, searchPair } from './pairs/search.ts'
import { newSeries } from './people.ts'
import { byPartOfName, byPhoneNumber, pageOfList } from './questions.ts'
import type { World } from './world.ts'

/** Medians, in milliseconds. */
export interface ScalePoint {
  readonly users: number
  readonly title: string
  readonly kitter: number
  readonly directly?: number
}

export const sizes = [1000, 10_000, 100_000, 1_000_000] as const
/** Beyond it, nobody is created, and Keycloak isn't asked: it has no more users. */
const mostInKeycloak = 100_000
const [callers, secondsOfCreating, secondsOfAsking] = [8, 6, 3]

/** The same work while there are more and more users, whose rows are written by SQL. */
export async function* scalePoints(bench: Bench, world: World, most: number): AsyncGenerator<ScalePoint> {
  const series = newSeries()
  let from = 0
  for (const users of sizes.filter((size) => size <= most)) {
    const crowd = { series, from, to: users }
    await fillKitter(world, crowd)
    if (users <= mostInKeycloak) await fillKeycloak(bench.keycloakDatabaseUrl, world.realm, crowd)
    yield* users <= mostInKeycloak ? bothSides(world, users) : searchesOnly(world, users)
    from = users
  }
}

async function* bothSides(world: World, users: number): AsyncGenerator<ScalePoint> {
  for (const question of [byPhoneNumber(users), byPartOfName(), pageOfList(Math.floor(users / 200))]) {
    const title = question.title.replace(/^page \d+/, 'the page in the middle')
    yield await measured(users, title, await searchPair(world, question, secondsOfAsking))
  }
  const creating = { callers, withPassword: false, seconds: secondsOfCreating }
  yield await measured(users, `create, ${callers} callers`, createPair(world, creating))
}

async function measured(users: number, title: string, pair: Pair): Promise<ScalePoint> {
  // for warmth
  await pair.kitter()
  await pair.directly()
  const [kitter, directly] = [await pair.kitter(), await pair.directly()]
  const inMs = (value: number): number => (pair.unit === 'ms' ? value : 1000 / value)
  return { users, title, kitter: inMs(kitter.value), directly: inMs(directly.value) }
}

async function* searchesOnly(world: World, users: number): AsyncGenerator<ScalePoint> {
  for (const question of [byPhoneNumber(users), byPartOfName()]) {
    await askingKitter(world, question, secondsOfAsking)
    yield { users, title: question.title, kitter: (await askingKitter(world, question, secondsOfAsking)).value }
  }
}
