/** The htable that holds caller IDs: a fact of the sip-proxy's configuration. */
export const callerIdHtable = 'translation'

/** The running sip-proxy. */
export abstract class SipProxy {
  /** Makes it read an htable from its database again. */
  abstract reload(htable: string): Promise<void>
}
