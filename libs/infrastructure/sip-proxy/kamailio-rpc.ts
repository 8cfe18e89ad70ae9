/**
 * How to have Kamailio do something: the methods that it lists under `system.listMethods`.
 */
export interface KamailioRpc {
  /** What the method gives back; a refusal is `system.refused`, a missing answer `service.unavailable`. */
  call(method: string, ...parameters: readonly string[]): Promise<unknown>
}
