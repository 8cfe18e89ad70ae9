/** Whether the operator has switched the caller-ID routes on (`CALLER_ID_ENABLED`). */
export class CallerIdSwitch {
  readonly on: boolean

  constructor(on: boolean) {
    this.on = on
  }
}
