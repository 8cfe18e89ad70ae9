/** A token that is renewed long before it expires. */
export class TokenSource {
  private readonly url: string
  private readonly form: Readonly<Record<string, string>>
  private token = Promise.resolve('')
  private renewedAt = Number.NEGATIVE_INFINITY

  constructor(realmUrl: string, form: Readonly<Record<string, string>>) {
    this.url = `${realmUrl}/protocol/openid-connect/token`
    this.form = form
  }

  value(): Promise<string> {
    if (performance.now() - this.renewedAt > 30_000) {
      this.renewedAt = performance.now()
      this.token = this.ask()
    }
    return this.token
  }

  private async ask(): Promise<string> {
    const response = await fetch(this.url, { method: 'POST', body: new URLSearchParams(this.form) })
    if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`)
    return ((await response.json()) as { access_token: string }).access_token
  }
}
