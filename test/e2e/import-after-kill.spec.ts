import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { freePort } from '#infrastructure/embedded-postgres'
import { KitterCommand } from '../cli/kitter-command.fixture.ts'
import { Scene } from './scene.fixture.ts'
import { until } from './until.fixture.ts'

/** Somebody who holds up whoever wants to keep an answer. */
class HeldAnswers implements AsyncDisposable {
  private constructor(private readonly client: pg.Client) {}

  static async in(url: string): Promise<HeldAnswers> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    await client.query(`
      CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.outcome IS NOT NULL THEN PERFORM pg_advisory_xact_lock(42); END IF; RETURN NEW; END $$`)
    await client.query(
      'CREATE TRIGGER hold BEFORE UPDATE ON kitter.idempotency_keys FOR EACH ROW EXECUTE FUNCTION public.hold()',
    )
    await client.query('SELECT pg_advisory_lock(42)')
    return new HeldAnswers(client)
  }

  async isWaitedFor(): Promise<boolean> {
    const sql = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted"
    return ((await this.client.query(sql)).rowCount ?? 0) > 0
  }

  /** Whoever waits has gone: its statement must not be done after all. */
  async end(): Promise<void> {
    await this.client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted",
    )
    await this.client.query('SELECT pg_advisory_unlock(42)')
    await this.client.query('DROP TRIGGER hold ON kitter.idempotency_keys')
  }

  async rows(sql: string): Promise<readonly unknown[]> {
    return (await this.client.query<Record<string, unknown>>(sql)).rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end()
  }
}

it(
  'An import whose kitter is killed after the work and before the answer makes one user',
  { timeout: 90_000 },
  async () => {
    await using scene = new Scene()
    const settings = { ...(await scene.onDatabase()), PORT: String(await freePort()) }
    const folder = await scene.folder()
    await writeFile(join(folder, 'people.csv'), 'username,domain\nalice,quobis\n')
    const service = await scene.start(settings)
    await using held = await HeldAnswers.in(settings.DATABASE_URL)

    const access = ['--url', service.url, '--token', service.adminToken]
    const command = new KitterCommand(['import', 'people.csv', ...access], { cwd: folder })
    scene.afterwards(() => command.child.kill('SIGKILL'))
    await until('the user is made', () => held.isWaitedFor())
    expect(await service.stop('SIGKILL')).toBe('SIGKILL')
    await held.end()

    await scene.start(settings)
    await until('the import ends', () => command.child.exitCode !== null, 60_000)
    expect(await command.ended()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/created +1\b|1 created/),
      stderr: expect.stringContaining('Waiting: the service '),
    })
    expect(await held.rows('SELECT username FROM kitter.users')).toEqual([{ username: 'alice' }])
    expect(await held.rows('SELECT login_name FROM sandbox.accounts')).toEqual([{ login_name: 'alice' }])
    expect(await held.rows('SELECT username FROM sandbox.wac_users')).toEqual([{ username: 'alice' }])
    expect(await held.rows("SELECT state FROM kitter.operations WHERE kind = 'user.create'")).toEqual([
      { state: 'done' },
    ])
  },
)
