import type { Bench } from './bench.ts'
import type { Watched } from './processor-time.ts'
import type { World } from './world.ts'

/** Where the rows of a group are measured. */
export interface Stage {
  readonly bench: Bench
  readonly world: World
  /** Of the sizes of the report. */
  readonly share: number
}

export function processesOf({ keycloak, postgres }: Bench, { kitter, wacCore }: World): Watched {
  return { keycloak: keycloak.pid, postgres: postgres.pid, kitter: kitter.pid, wacCore: wacCore.pid }
}
