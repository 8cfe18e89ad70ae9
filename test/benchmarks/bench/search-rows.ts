import { fillKeycloak, fillKitter } from './fill.ts'
import { searchPair } from './pairs/search.ts'
import { newSeries } from './people.ts'
import { byPartOfName, byPhoneNumber, pageOfList } from './questions.ts'
import type { Row } from './row.ts'
import { processesOf, type Stage } from './stage.ts'

const users = 100_000
const seconds = 4

/** Nobody is created: the rows of both are written by SQL. */
export async function searchRows({ bench, world, share }: Stage): Promise<readonly Row[]> {
  const count = Math.max(5000, Math.round(users * share))
  const crowd = { series: newSeries(), from: 0, to: count }
  await fillKitter(world, crowd)
  await fillKeycloak(bench.keycloakDatabaseUrl, world.realm, crowd)
  const processes = processesOf(bench, world)
  const rows: Row[] = []
  for (const question of [byPhoneNumber(count), byPartOfName(), pageOfList(49)]) {
    const pair = await searchPair(world, question, seconds)
    const { title, against } = question
    rows.push({ group: 'search', title, against, aim: 50, pair, warmUp: pair, processes })
  }
  return rows
}
