/** What of a browser the pages of Keycloak need: cookies, redirections, forms. */
export class PlainBrowser {
  page = ''
  private url = ''
  private readonly cookies = new Map<string, string>()

  async open(url: string): Promise<void> {
    await this.go(url)
  }

  /** Follows the first link of the page, to which the words lead. */
  async follow(words: RegExp): Promise<void> {
    const links = [...this.page.matchAll(/<a [^>]*href="([^"]+)"[^>]*>([^]*?)<\/a>/g)]
    const [, href] = links.find(([, , text = '']) => words.test(text)) ?? []
    if (href === undefined) throw new Error(`No link says ${String(words)}:\n${this.page}`)
    await this.go(decoded(href))
  }

  /** Sends the form of the page. */
  async send(fields: Readonly<Record<string, string>>): Promise<void> {
    const action = /<form[^>]*action="([^"]+)"/.exec(this.page)?.[1]
    if (action === undefined) throw new Error(`There is no form:\n${this.page}`)
    await this.go(decoded(action), new URLSearchParams(fields))
  }

  private async go(target: string, body?: URLSearchParams): Promise<void> {
    const url = new URL(target, this.url === '' ? undefined : this.url)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    })
    for (const line of response.headers.getSetCookie()) this.keep(line)
    this.url = url.href
    this.page = await response.text()
    const location = response.headers.get('location')
    if (location !== null) await this.go(location)
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    this.cookies.set(name, value)
  }
}

function decoded(html: string): string {
  return html.replaceAll('&amp;', '&')
}
