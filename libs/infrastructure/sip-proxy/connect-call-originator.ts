import type { CallOriginator } from '#core/calls'
import { JsonRpc } from './json-rpc.ts'
import { KamailioCallOriginator } from './kamailio-call-originator.ts'
import { NoCallOriginator } from './no-call-originator.ts'

/** Over the sip-proxy's JSON-RPC (`SIP_PROXY_URL`), if there is one. */
export function connectCallOriginator({ url }: { readonly url?: string | undefined }): CallOriginator {
  return url === undefined ? new NoCallOriginator() : new KamailioCallOriginator(new JsonRpc(url))
}
