import { CallOriginator, noEndpoints } from '#core/calls'

/** Where no sip-proxy could place calls. */
export class NoCallOriginator extends CallOriginator {
  override originate(): Promise<void> {
    return Promise.reject(noEndpoints())
  }
}
