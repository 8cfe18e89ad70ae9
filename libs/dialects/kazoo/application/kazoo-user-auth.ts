/** Whether the operator lets users sign in with an md5 of name and password (`KAZOO_USER_AUTH`). */
export class KazooUserAuth {
  readonly on: boolean

  constructor(on: boolean) {
    this.on = on
  }
}
