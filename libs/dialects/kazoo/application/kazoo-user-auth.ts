/** Whether the operator lets users sign in with Kazoo's own tokens (`KAZOO_USER_AUTH`). */
export class KazooUserAuth {
  readonly on: boolean

  constructor(on: boolean) {
    this.on = on
  }
}
