import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { Connections } from './connections.ts'
import type { Person } from './people.ts'
import type { World } from './world.ts'

export interface ImportedPerson extends Person {
  readonly domain: string
  readonly password?: string
  readonly passwordHash?: string
}

const betweenLooksMs = 50

interface ImportAnswer {
  readonly import: {
    readonly id: string
    readonly state: string
    readonly rows: Readonly<Record<string, number>>
  }
}

/** Sends a file, and waits until all of its rows are done. */
export async function importFile({ kitter }: World, file: string, rows: number): Promise<void> {
  using connections = new Connections(1)
  const ask = async (method: string, path: string, body?: string): Promise<ImportAnswer['import']> => {
    const token = await kitter.token.value()
    const reply = await connections.call({ method, url: `${kitter.url}${path}`, token, body, type: 'text/csv' })
    return (JSON.parse(reply.text) as ImportAnswer).import
  }
  let now = await ask('POST', '/imports', file)
  while (now.state === 'running') {
    await pause(betweenLooksMs)
    now = await ask('GET', `/imports/${now.id}`)
  }
  if (now.state !== 'done' || now.rows['created'] !== rows) throw new Error(`not imported: ${JSON.stringify(now)}`)
}

export function fileOf(people: readonly ImportedPerson[]): string {
  const columns = {
    ...{ username: 'username', domain: 'domain', email: 'email', firstName: 'first_name', lastName: 'last_name' },
    ...{ phoneNumber: 'phone_number', password: 'password', passwordHash: 'password_hash' },
  }
  const given = Object.entries(columns).filter(([key]) => people.some((each) => key in each))
  return stringify([...people], { header: true, columns: Object.fromEntries(given) })
}
