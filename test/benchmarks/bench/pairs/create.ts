import { Connections } from '../connections.ts'
import { createDirectly } from '../directly.ts'
import { callRepeatedly, type Load } from '../load.ts'
import { type Outcome, type Pair, rateOf } from '../pair.ts'
import { domain, newSeries, password, person, type Person } from '../people.ts'
import type { World } from '../world.ts'

export interface CreateWish {
  readonly callers: number
  readonly withPassword: boolean
  readonly seconds: number
}

/** Creates one by one, by several callers at once. */
export function createPair(world: World, { callers, withPassword, seconds }: CreateWish): Pair {
  const load = { callers, seconds, most: Number.POSITIVE_INFINITY }
  const credential = withPassword ? { value: password } : undefined
  return {
    unit: 'users/s',
    kitter: () => creating(load, (connections, someone) => createByKitter(world, connections, someone, withPassword)),
    directly: () => creating(load, (connections, someone) => createDirectly(world, connections, someone, credential)),
  }
}

async function creating(
  load: Load,
  create: (connections: Connections, someone: Person) => Promise<void>,
): Promise<Outcome> {
  using connections = new Connections(load.callers)
  const series = newSeries()
  let number = 0
  return rateOf(await callRepeatedly(load, () => create(connections, person(series, (number += 1)))))
}

async function createByKitter(
  { kitter }: World,
  connections: Connections,
  { username, email, firstName, lastName, phoneNumber }: Person,
  withPassword: boolean,
): Promise<void> {
  await connections.call({
    method: 'POST',
    url: `${kitter.url}/users`,
    token: await kitter.token.value(),
    body: {
      user: {
        ...{ username, email, first_name: firstName, last_name: lastName },
        attributes: { domain, phone_number: phoneNumber },
        ...(withPassword && { credentials: { password } }),
      },
    },
  })
}
