import { Connections } from '../connections.ts'
import { callRepeatedly } from '../load.ts'
import type { Pair } from '../pair.ts'
import type { World } from '../world.ts'

export interface LogoutWish {
  readonly domainId: string
  /** Of all users in the domain. */
  readonly userIds: readonly string[]
  /** Opens the sessions that are to be ended; how many there are. */
  readonly open: () => Promise<number>
  readonly callers: number
}

/** All sessions of a domain in one call; and of each of its users. */
export function logoutPair(world: World, { domainId, userIds, open, callers }: LogoutWish): Pair {
  let opened = 0
  return {
    unit: 'ms',
    prepare: async () => {
      opened = await open()
    },
    kitter: async () => {
      using connections = new Connections(1)
      const call = { method: 'POST', url: `${world.kitter.url}/domains/${domainId}/logout` }
      const begun = performance.now()
      const { text } = await connections.call({ ...call, token: await world.kitter.token.value() })
      const value = performance.now() - begun
      const { logged_out: ended } = JSON.parse(text) as { readonly logged_out: number }
      if (ended < opened) throw new Error(`only ${ended} of ${opened} sessions were ended`)
      return { value, count: 1, seconds: value / 1000, milliseconds: [] }
    },
    directly: async () => {
      using connections = new Connections(callers)
      const ids = userIds.values()
      const done = await callRepeatedly(
        { callers, most: userIds.length, seconds: Number.POSITIVE_INFINITY },
        async () => {
          const url = `${world.adminUrl}/users/${ids.next().value}/logout`
          await connections.call({ method: 'POST', url, token: await world.keycloakToken.value() })
        },
      )
      return { ...done, count: 1, milliseconds: [], value: done.seconds * 1000 }
    },
  }
}
