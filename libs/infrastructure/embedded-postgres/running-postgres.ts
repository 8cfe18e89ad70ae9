import type { EmbeddedPostgres } from './embedded-postgres.ts'
import type { PostgresLog } from './postgres-log.ts'
import type { Postmaster } from './postmaster.ts'
import { tellingLine } from './telling-line.ts'

export interface RunningPostgresParts {
  readonly postmaster: Postmaster
  readonly password: string
  readonly log: PostgresLog
  /** How long the log was when Postgres was ready. */
  readonly logged: number
  /** What is given back at the end, the postmaster among it. */
  readonly resources: AsyncDisposableStack
}

export class RunningPostgres implements EmbeddedPostgres {
  readonly url: string
  readonly exited: Promise<string>
  private readonly resources: AsyncDisposableStack
  private stopping: Promise<void> | undefined

  constructor({ postmaster, password, log, logged, resources }: RunningPostgresParts) {
    this.url = `postgres://kitter:${password}@127.0.0.1:${postmaster.port}/kitter?sslmode=disable`
    this.resources = resources
    this.exited = new Promise((resolve) => {
      void postmaster.ended.then(async (how) => {
        if (this.stopping === undefined) resolve(await obituary(log, logged, how))
      })
    })
  }

  stop(): Promise<void> {
    this.stopping ??= this.resources.disposeAsync()
    return this.stopping
  }
}

async function obituary(log: PostgresLog, logged: number, how: string): Promise<string> {
  const said = await log.textFrom(logged).catch(() => '')
  return `Postgres has ended by itself (${how}): ${tellingLine(said) ?? 'it said nothing'} (its log is ${log.path}).`
}
