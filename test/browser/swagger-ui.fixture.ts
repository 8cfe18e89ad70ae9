import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'

/** A name for this machine that, unlike 127.0.0.1, looks like any host of the world. */
export const realHost = 'kitter.test'

/** Quiet, without a sandbox (root has none), and in a profile of its own, which Playwright makes and removes. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${realHost} 127.0.0.1`,
]

/** Runs in the page, before everything else. */
const tellViolations = `document.addEventListener('securitypolicyviolation', (violation) => {
  console.error('CSP ' + violation.violatedDirective + ': ' + violation.blockedURI)
})`

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags })
}

export interface Shown {
  readonly status: number
  readonly body: unknown
}

export interface Filled {
  readonly parameters?: Readonly<Record<string, string>>
  readonly body?: object
}

/** Swagger UI as somebody in front of the browser uses it. */
export class SwaggerUi implements AsyncDisposable {
  /** What the browser has to say against the page: its console's errors and warnings, violations of the CSP among them. */
  readonly complaints: string[] = []
  /** What the page asked of other hosts, and did not get. */
  readonly strangers: string[] = []

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  static async open(browser: Browser, url: string, viewport = { width: 1280, height: 900 }): Promise<SwaggerUi> {
    const context = await browser.newContext({ viewport })
    const ui = new SwaggerUi(await context.newPage(), context)
    await ui.watch(new URL(url).origin)
    await ui.page.goto(url)
    await ui.page.locator('.opblock-tag').first().waitFor()
    return ui
  }

  /** The operations that are seen, by tag. */
  async operations(): Promise<Readonly<Record<string, readonly string[]>>> {
    const sections = await this.page.locator('.opblock-tag-section').all()
    const read = sections.map(async (section) => {
      const summaries = await section.locator('.opblock-summary').all()
      const lines = summaries.map(async (summary) => {
        const parts = ['.opblock-summary-method', '.opblock-summary-path', '.opblock-summary-description']
        // the path has invisible places to break at
        const texts = await Promise.all(parts.map((part) => summary.locator(part).innerText()))
        return texts.map((text) => text.replaceAll('\u200b', '')).join(' ')
      })
      return [await section.locator('.opblock-tag a').innerText(), await Promise.all(lines)] as const
    })
    return Object.fromEntries(await Promise.all(read))
  }

  async authorize(token: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Authorize' }).click()
    const dialog = this.page.locator('.dialog-ux')
    await dialog.getByLabel('Value').fill(token)
    await dialog.getByRole('button', { name: 'Apply credentials' }).click()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  }

  /** Opens the operation, presses "Try it out", fills in what is given and leaves the rest, executes, and reads the answer. */
  async tryOut(operationId: string, { parameters = {}, body }: Filled = {}): Promise<Shown> {
    const operation = await this.unfold(operationId)
    await operation.getByRole('button', { name: 'Try it out' }).click()
    for (const [name, value] of Object.entries(parameters)) {
      await operation.locator(`tr[data-param-name="${name}"] input`).fill(value)
    }
    if (body !== undefined) await operation.locator('.body-param textarea').fill(JSON.stringify(body))
    await operation.getByRole('button', { name: 'Execute' }).click()
    const answer = operation.locator('.live-responses-table .response')
    const status = Number((await answer.locator('.response-col_status').innerText()).split('\n', 1)[0])
    const text = (await answer.locator('.highlight-code code').first().textContent()) ?? ''
    await this.fold(operation)
    return { status, body: JSON.parse(text) }
  }

  async unfold(operationId: string): Promise<Locator> {
    const operation = this.page.locator(`[id^="operations-"][id$="-${operationId}"]`)
    await operation.locator('.opblock-summary-control').click()
    return operation
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
  }

  /** Back to how it was, for the next time. */
  private async fold(operation: Locator): Promise<void> {
    await operation.getByRole('button', { name: 'Clear' }).click()
    await operation.getByRole('button', { name: 'Cancel' }).click()
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.opblock-body').waitFor({ state: 'detached' })
  }

  private async watch(origin: string): Promise<void> {
    this.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text())
    })
    this.page.on('pageerror', (error) => this.complaints.push(String(error)))
    await this.context.route('**/*', async (route) => {
      const url = route.request().url()
      if (new URL(url).origin === origin) return route.continue()
      this.strangers.push(url)
      return route.abort()
    })
    await this.page.addInitScript({ content: tellViolations })
  }
}
