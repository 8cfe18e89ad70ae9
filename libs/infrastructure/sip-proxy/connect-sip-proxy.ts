import { JsonRpc } from './json-rpc.ts'
import { KamailioSipProxy } from './kamailio-sip-proxy.ts'
import { Kamcmd } from './kamcmd.ts'

export interface SipProxySettings {
  /** `SIP_PROXY_URL`: where its JSON-RPC is served. */
  readonly url?: string | undefined
  /** `SIP_PROXY_KAMCMD`: the address for `kamcmd -s`. */
  readonly kamcmd?: string | undefined
}

/** The sip-proxy of the settings, by HTTP if both ways are given; nothing where none is. It's asked nothing yet. */
export function connectSipProxy({ url, kamcmd }: SipProxySettings): KamailioSipProxy | undefined {
  if (url !== undefined) return new KamailioSipProxy(new JsonRpc(url))
  return kamcmd === undefined ? undefined : new KamailioSipProxy(new Kamcmd(kamcmd))
}
