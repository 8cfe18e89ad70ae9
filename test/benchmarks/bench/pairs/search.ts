import { strict as assert } from 'node:assert'
import { Connections } from '../connections.ts'
import { callRepeatedly, type Load } from '../load.ts'
import type { Outcome, Pair } from '../pair.ts'
import type { Question } from '../questions.ts'
import { quantile } from '../statistics.ts'
import type { World } from '../world.ts'

const most = 1000

/** One caller, with one question after the other. */
export async function searchPair(world: World, question: Question, seconds: number): Promise<Pair> {
  await compare(world, question)
  const load = { callers: 1, seconds, most }
  return {
    unit: 'ms',
    kitter: () => askingKitter(world, question, seconds),
    directly: () => asking(load, (connections, number) => askDirectly(world, connections, question.directly(number))),
  }
}

export function askingKitter(world: World, question: Question, seconds: number): Promise<Outcome> {
  const load = { callers: 1, seconds, most }
  return asking(load, (connections, number) => askKitter(world, connections, question.kitter(number)))
}

async function asking(
  load: Load,
  ask: (connections: Connections, number: number) => Promise<unknown>,
): Promise<Outcome> {
  using connections = new Connections(load.callers)
  // those who ask for numbers near each other would find them in memory
  let number = 0
  const done = await callRepeatedly(load, () => ask(connections, (number += 7919)))
  return { ...done, value: quantile(done.milliseconds, 0.5) }
}

/** Both find as many. */
async function compare(world: World, question: Question): Promise<void> {
  using connections = new Connections(1)
  for (const number of [1, 4711, 77_777]) {
    const found = await askKitter(world, connections, question.kitter(number))
    const foundDirectly = await askDirectly(world, connections, question.directly(number))
    assert.ok(found.length > 0)
    assert.equal(found.length, foundDirectly.length, question.kitter(number))
  }
}

async function askKitter({ kitter }: World, connections: Connections, path: string): Promise<readonly unknown[]> {
  const reply = await connections.call({
    method: 'GET',
    url: `${kitter.url}${path}`,
    token: await kitter.token.value(),
  })
  return (JSON.parse(reply.text) as { readonly users: readonly unknown[] }).users
}

async function askDirectly(world: World, connections: Connections, query: string): Promise<readonly unknown[]> {
  const token = await world.keycloakToken.value()
  const reply = await connections.call({ method: 'GET', url: `${world.adminUrl}/users?${query}`, token })
  return JSON.parse(reply.text) as readonly unknown[]
}
