import type { Contribution } from './contribution.ts'
import { startDatabases } from './databases.ts'
import { startKamailioPart } from './kamailio-part.ts'
import { startKeycloakPart } from './keycloak-part.ts'
import type { Say } from './say.ts'
import { startWacCorePart } from './wac-core-part.ts'

/** The real systems that a kitter runs over, in a folder of their own, each left out where the machine lacks it. */
export async function startStack(folder: string, resources: AsyncDisposableStack, say: Say): Promise<Contribution> {
  const databases = resources.use(await startDatabases(folder))
  const parts = await Promise.allSettled([
    startKeycloakPart(resources, say),
    startWacCorePart(databases, resources, say),
    startKamailioPart(databases, resources, say),
  ])
  const contributions = parts.map((part) => {
    if (part.status === 'rejected') throw part.reason
    return part.value
  })
  return {
    settings: Object.assign(
      { DATABASE_URL: await databases.create('service') },
      ...contributions.map(({ settings }) => settings),
    ),
    remarks: contributions.flatMap(({ remarks }) => remarks),
  }
}
