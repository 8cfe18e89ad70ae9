import { startEmbeddedPostgres } from './start-embedded-postgres.ts'

/**
 * Run by `node --conditions=source` it stands in for kitter in a process of its own: starts Postgres in the folder given,
 * says in JSON lines what happens, and stops at SIGTERM.
 */
function say(event: Readonly<Record<string, string>>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

try {
  const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log: (message) => say({ message }) })
  const alive = setInterval(() => undefined, 60_000)
  process.once('SIGTERM', () => void postgres.stop().then(() => clearInterval(alive)))
  say({ url: postgres.url })
} catch (error) {
  say({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
  process.exitCode = 78
}
