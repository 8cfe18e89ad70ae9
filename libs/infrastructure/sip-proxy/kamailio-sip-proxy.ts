import { isOutcomeUnknown, isPlainObject, systemRefused } from '#kernel'
import { SipProxy } from '#core/caller-id'
import type { KamailioRpc } from './kamailio-rpc.ts'
import { sipProxyName } from './sip-proxy-name.ts'

/** An htable as Kamailio's configuration declares it. */
export interface DeclaredHtable {
  readonly name: string
  /** The database table that it's read from; empty where it lives in memory only. */
  readonly dbtable: string
}

/** A running Kamailio. All that it's asked may be asked twice, so a lost answer is asked for once more. */
export class KamailioSipProxy extends SipProxy {
  constructor(private readonly rpc: KamailioRpc) {
    super()
  }

  override async reload(htable: string): Promise<void> {
    await this.ask('htable.reload', htable)
  }

  /** For health checks: rejects when it doesn't answer. */
  async ping(): Promise<void> {
    await this.ask('core.version')
  }

  /** Such as "kamailio 5.6.3 (x86_64/linux)". */
  async version(): Promise<string> {
    return String(await this.ask('core.version')).trim()
  }

  async htables(): Promise<readonly DeclaredHtable[]> {
    const answer = await this.ask('htable.listTables')
    // kamcmd prints nothing where there are none
    if (answer === '') return []
    if (!Array.isArray(answer)) throw systemRefused(sipProxyName, new Error('its list of htables is none'))
    return answer.filter(isPlainObject).map(({ name, dbtable }) => ({ name: String(name), dbtable: String(dbtable) }))
  }

  private async ask(method: string, ...parameters: readonly string[]): Promise<unknown> {
    try {
      return await this.rpc.call(method, ...parameters)
    } catch (error) {
      if (isOutcomeUnknown(error)) return this.rpc.call(method, ...parameters)
      throw error
    }
  }
}
