import { type Call, CallOriginator } from '#core/calls'
import type { KamailioRpc } from './kamailio-rpc.ts'

/** "Where their domains say", to the module `dialog`. */
const noOutboundProxy = '.'

/**
 * Kamailio's module `dialog`: it invites the first, puts them on hold, and refers them to the second. A lost answer isn't asked
 * for once more, for the phone may be ringing.
 */
export class KamailioCallOriginator extends CallOriginator {
  constructor(private readonly rpc: KamailioRpc) {
    super()
  }

  override async originate({ from, to }: Call): Promise<void> {
    await this.rpc.call('dlg.bridge_dlg', from, to, noOutboundProxy)
  }
}
