/** What the operator has switched on for domains. */
export class DomainFeatures {
  readonly remoteSipRegister: boolean

  constructor({ remoteSipRegister }: { readonly remoteSipRegister: boolean }) {
    this.remoteSipRegister = remoteSipRegister
  }
}
