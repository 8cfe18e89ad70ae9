import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTestDatabase } from '../../support/test-database.ts'

const main = join(import.meta.dirname, '../../../dist/apps/kitter/main.js')

export const isBuilt = existsSync(main)

/** The built kitter in a process of its own, which logs all that there is to log. */
export class ChildKitter implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    readonly adminToken: string,
    /** Both of its streams, line by line. */
    readonly output: readonly string[],
    private readonly process: ChildProcess,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(): Promise<ChildKitter> {
    await using starting = new AsyncDisposableStack()
    const dataDir = await mkdtemp(join(tmpdir(), 'kitter-test-'))
    starting.defer(() => rm(dataDir, { recursive: true, force: true }))
    const database = await createTestDatabase()
    starting.defer(() => database.drop())
    const settings = {
      PORT: '0',
      LOG_LEVEL: 'trace',
      CALLER_ID_ENABLED: 'on',
      KITTER_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
    }
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    starting.defer(() => stopped(child))
    const output: string[] = []
    createInterface(child.stderr).on('line', (line) => output.push(line))
    const url = await urlIn(child, output)
    const adminToken = (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
    return new ChildKitter(url, database.url, adminToken, output, child, starting.move())
  }

  /** Afterwards the output is complete. */
  async stop(): Promise<void> {
    await stopped(this.process)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}

/** The address that it says that it serves; what else it writes goes to the output, too. */
function urlIn(child: ChildProcess, output: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => {
      reject(new Error(`kitter has ended: ${output.join('\n')}`))
    })
    if (child.stdout === null) return
    createInterface(child.stdout).on('line', (line) => {
      output.push(line)
      const url = /"url":"(http[^"]+)"/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}
