import { createHtable } from '../support/create-htable.ts'
import { findKamailio } from '../support/find-kamailio.ts'
import { Kamailio } from '../support/kamailio.ts'
import { type Contribution, nothing } from './contribution.ts'
import type { Databases } from './databases.ts'
import type { Say } from './say.ts'

/** Kamailio with its htable in a database of its own. */
export async function startKamailioPart(
  databases: Databases,
  resources: AsyncDisposableStack,
  say: Say,
): Promise<Contribution> {
  if (findKamailio() === undefined) {
    say('No Kamailio: Debian has it in kamailio and kamailio-postgres-modules. kitter uses its sandbox instead.')
    return nothing
  }
  const databaseUrl = await databases.create('htable')
  await createHtable(databaseUrl)
  const kamailio = resources.use(await Kamailio.start({ databaseUrl }))
  return {
    settings: { CALLER_ID_ENABLED: 'on', HTABLE_DATABASE_URL: databaseUrl, SIP_PROXY_URL: kamailio.url },
    remarks: [],
  }
}
