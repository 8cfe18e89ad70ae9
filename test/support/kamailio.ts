import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '#infrastructure/embedded-postgres'
import { findKamailio, type KamailioPlace } from './find-kamailio.ts'

export interface KamailioOptions {
  /** Where its htable `translation` lies; the table has to be there. */
  readonly databaseUrl: string
  readonly table?: string
  /** Whether it has the modules with which it places calls. */
  readonly placesCalls?: boolean
  /** Ports to take instead of free ones. */
  readonly ports?: KamailioPorts
}

export interface KamailioPorts {
  readonly http: number
  readonly ctl: number
}

const startTimeoutMs = 20_000
const stopTimeoutMs = 10_000
const attempts = 3

/** A real Kamailio with the htables `translation`, of a database, and `memory`, of none; in a folder and on ports of its own. */
export class Kamailio implements AsyncDisposable {
  /** Where it serves JSON-RPC. */
  readonly url: string
  /** Addresses for `kamcmd -s`. */
  readonly tcp: string
  readonly socket: string
  readonly folder: string
  readonly ports: KamailioPorts
  private readonly child: ChildProcess

  private constructor(folder: string, ports: KamailioPorts, child: ChildProcess) {
    this.url = `http://127.0.0.1:${ports.http}/RPC`
    this.tcp = `tcp:127.0.0.1:${ports.ctl}`
    this.socket = `unix:${folder}/ctl`
    this.folder = folder
    this.ports = ports
    this.child = child
  }

  static async start(options: KamailioOptions): Promise<Kamailio> {
    const place = findKamailio()
    if (place === undefined) throw new Error('Kamailio, its Postgres module or kamcmd is missing.')
    for (let attempt = 1; ; attempt++) {
      const ports = options.ports ?? { http: await freePort(), ctl: await freePort() }
      try {
        return await Kamailio.startOn(ports, place, options)
      } catch (error) {
        // somebody else may have taken the port meanwhile
        if (attempt === attempts || options.ports !== undefined || !String(error).includes('already in use'))
          throw error
      }
    }
  }

  private static async startOn(
    ports: KamailioPorts,
    { program, modules }: KamailioPlace,
    { databaseUrl, table = 'htable', placesCalls = false }: KamailioOptions,
  ): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'kamailio-'))
    const configuration = join(folder, 'kamailio.cfg')
    await writeFile(configuration, configurationOf({ ports, modules, folder, databaseUrl, table, placesCalls }), {
      mode: 0o600,
    })
    const log = await open(join(folder, 'log'), 'w')
    const args = ['-f', configuration, '-DD', '-E', '-m', '32', '-M', '4', '-Y', folder, '-P', join(folder, 'pid')]
    const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', log.fd, log.fd] })
    const spawned = once(child, 'spawn')
    const kamailio = new Kamailio(folder, ports, child)
    process.once('exit', kamailio.kill)
    try {
      await spawned
      await log.close()
      await kamailio.untilItAnswers()
      return kamailio
    } catch (error) {
      await kamailio.stop()
      throw error
    }
  }

  /** What calls go by now. */
  async dump(htable: string): Promise<ReadonlyMap<string, string>> {
    const slots = (await this.ask('htable.dump', htable)) as readonly {
      readonly slot: readonly { readonly name: string; readonly value: string }[]
    }[]
    return new Map(slots.flatMap(({ slot }) => slot.map(({ name, value }) => [name, value])))
  }

  async ask(method: string, ...params: readonly string[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const headers = { connection: 'close' }
    const response = await fetch(this.url, { method: 'POST', body, headers, signal: AbortSignal.timeout(5000) })
    const answer = (await response.json()) as { readonly result?: unknown; readonly error?: unknown }
    if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`)
    return answer.result
  }

  log(): Promise<string> {
    return readFile(join(this.folder, 'log'), 'utf8')
  }

  /** With all its processes; safe to repeat. */
  async stop(): Promise<void> {
    process.off('exit', this.kill)
    if (this.runs) {
      const ended = once(this.child, 'exit')
      this.child.kill('SIGTERM')
      await Promise.race([ended, pause(stopTimeoutMs, undefined, { ref: false })])
    }
    this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** Its processes are a group of their own. */
  private readonly kill = (): void => {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL')
    } catch {
      // they are gone
    }
  }

  private get runs(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  private async untilItAnswers(): Promise<void> {
    const deadline = performance.now() + startTimeoutMs
    for (;;) {
      if (await this.ask('core.version').catch(() => undefined)) return
      if (!this.runs || performance.now() > deadline)
        throw new Error(`Kamailio does not start:\n${(await this.log()).slice(-2000)}`)
      await pause(50)
    }
  }
}

interface Configuration {
  readonly ports: KamailioPorts
  readonly modules: string
  readonly folder: string
  readonly databaseUrl: string
  readonly table: string
  readonly placesCalls: boolean
}

/** In the order in which they need each other. */
const callModules = ['tm', 'rr', 'dialog'].map((name) => `loadmodule "${name}.so"\n`).join('')

function configurationOf({ ports, modules, folder, databaseUrl, table, placesCalls }: Configuration): string {
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=1
tcp_children=2
mpath="${modules}"
listen=tcp:127.0.0.1:${ports.http}
tcp_accept_no_cl=yes
loadmodule "kex.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "ctl.so"
loadmodule "db_postgres.so"
loadmodule "htable.so"
loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
${placesCalls ? callModules : ''}modparam("ctl", "binrpc", "tcp:127.0.0.1:${ports.ctl}")
modparam("ctl", "binrpc", "unix:${folder}/ctl")
modparam("jsonrpcs", "transport", 1)
modparam("htable", "db_url", "${databaseUrl}")
modparam("htable", "htable", "translation=>size=8;dbtable=${table};")
modparam("htable", "htable", "memory=>size=8;")
request_route {
  exit;
}
event_route[xhttp:request] {
  if ($hu =~ "^/RPC") {
    jsonrpc_dispatch();
    exit;
  }
  xhttp_reply("404", "Not Found", "text/html", "<html>not found</html>");
}
`
}
