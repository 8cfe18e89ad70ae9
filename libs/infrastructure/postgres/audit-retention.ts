/** How long an entry of the audit trail is kept, which is written down with it. */
export class AuditRetention {
  readonly seconds: number

  constructor(seconds = 400 * 86_400) {
    this.seconds = seconds
  }
}
