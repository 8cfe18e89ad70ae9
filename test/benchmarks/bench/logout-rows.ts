import { Connections } from './connections.ts'
import { fileOf, importFile } from './import-file.ts'
import { callRepeatedly } from './load.ts'
import { logoutPair } from './pairs/logout.ts'
import { domain, newSeries, password, person } from './people.ts'
import { readyHash } from './ready-hash.ts'
import type { Row } from './row.ts'
import { processesOf, type Stage } from './stage.ts'
import type { World } from './world.ts'

const [inRealm, inDomain, withSessions] = [5000, 2000, 50]
const callers = 16
const loggedOut = 'acme.example'

export async function logoutRows({ bench, world, share }: Stage): Promise<readonly Row[]> {
  const [all, own, open] = [inRealm, inDomain, withSessions].map((count) => Math.max(5, Math.round(count * share)))
  const people = await populate(world, all ?? 0, own ?? 0)
  const pair = logoutPair(world, {
    callers,
    domainId: await idOfDomain(world),
    userIds: await usersOf(world),
    open: () => openSessions(world, people.slice(0, open)),
  })
  return [
    {
      ...{ group: 'logout', aim: 10, pair, warmUp: pair, processes: processesOf(bench, world) },
      title: `log out a domain with 50 sessions and 2,000 users`,
      against: `\`POST users/{id}/logout\` for each of its users; ${callers} callers`,
    },
  ]
}

/** The names of all users, those of the domain first. */
async function populate(world: World, all: number, own: number): Promise<readonly string[]> {
  using connections = new Connections(1)
  const token = await world.kitter.token.value()
  const body = { domain: { domain: loggedOut } }
  await connections.call({ method: 'POST', url: `${world.kitter.url}/domains`, token, body })
  const { text: passwordHash } = await readyHash(password)
  const series = newSeries()
  const people = Array.from({ length: all }, (_, index) => ({
    ...person(series, index),
    domain: index < own ? loggedOut : domain,
    passwordHash,
  }))
  await importFile(world, fileOf(people), all)
  return people.map(({ username }) => username)
}

async function idOfDomain({ kitter }: World): Promise<string> {
  using connections = new Connections(1)
  const token = await kitter.token.value()
  const { text } = await connections.call({ method: 'GET', url: `${kitter.url}/domains`, token })
  const { domains } = JSON.parse(text) as {
    readonly domains: readonly { readonly id: string; readonly domain: string }[]
  }
  return domains.find((each) => each.domain === loggedOut)?.id ?? ''
}

async function usersOf({ kitter }: World): Promise<readonly string[]> {
  using connections = new Connections(1)
  const ids: string[] = []
  for (let page = 0; ; page += 1) {
    const url = `${kitter.url}/users?domain=${loggedOut}&paginate[max]=1000&paginate[page]=${page}`
    const { text } = await connections.call({ method: 'GET', url, token: await kitter.token.value() })
    const { users } = JSON.parse(text) as { readonly users: readonly { readonly id: string }[] }
    if (users.length === 0) return ids
    ids.push(...users.map(({ id }) => id))
  }
}

/** Every fifth of them lasts until it is ended. */
async function openSessions({ realmUrl }: World, usernames: readonly string[]): Promise<number> {
  const [names, load] = [usernames.entries(), { callers: 4, most: usernames.length, seconds: Number.POSITIVE_INFINITY }]
  await callRepeatedly(load, async () => {
    const [index, username] = names.next().value ?? [0, '']
    const scope = index % 5 === 0 ? 'openid offline_access' : 'openid'
    const client_id = index % 5 === 0 ? 'portal' : 'people'
    const form = { grant_type: 'password', client_id, username, password, scope }
    const body = new URLSearchParams(form)
    const response = await fetch(`${realmUrl}/protocol/openid-connect/token`, { method: 'POST', body })
    if (!response.ok) throw new Error(`${username} can't log in: ${await response.text()}`)
  })
  return usernames.length
}
