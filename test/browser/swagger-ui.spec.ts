import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiDocument, operationsOf } from '../openapi/api-document.fixture.ts'
import { BuiltKitter } from '../support/built-kitter.ts'
import { describeWith } from '../support/real.ts'
import { launch, realHost, SwaggerUi } from './swagger-ui.fixture.ts'

const prefixes = ['', '/kitter']

describeWith('chromium', 'Swagger UI', (chromium) => {
  const resources = new AsyncDisposableStack()
  let browser: Browser
  let kitter: BuiltKitter
  let kitters: readonly BuiltKitter[]

  beforeAll(async () => {
    browser = await launch(chromium)
    resources.defer(() => browser.close())
    kitters = await Promise.all(prefixes.map((HTTP_PREFIX) => BuiltKitter.start({ HTTP_PREFIX })))
    for (const started of kitters) resources.use(started)
    kitter = kitters[0]!
  })
  afterAll(() => resources.disposeAsync())

  const open = (of: BuiltKitter, viewport?: { width: number; height: number }): Promise<SwaggerUi> =>
    SwaggerUi.open(browser, `${of.url}/docs`, viewport)

  async function documentOf({ url }: BuiltKitter): Promise<ApiDocument> {
    return (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument
  }

  function expectPeace({ complaints, strangers }: SwaggerUi): void {
    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
  }

  describe.each(prefixes.map((prefix, index) => ({ prefix, index })))('with HTTP_PREFIX=$prefix', ({ index }) => {
    it('shows all operations by tag, in the order of the document', async () => {
      const { tags, ...document } = await documentOf(kitters[index]!)
      const operations = operationsOf({ tags, ...document })
      await using ui = await open(kitters[index]!)

      const shown = await ui.operations()
      expect(Object.keys(shown)).toEqual(tags.map(({ name }) => name))
      for (const { name } of tags) {
        const tagged = operations.filter((operation) => operation.tags?.includes(name))
        expect(shown[name]).toEqual(tagged.map(({ method, path, summary }) => `${method} ${path} ${summary}`))
      }
      expect(Object.values(shown).flat()).toHaveLength(38)
      expectPeace(ui)
    })

    it('creates a domain and a user in it, and lists them, for who has a token', async () => {
      await using ui = await open(kitters[index]!)
      await ui.authorize(kitters[index]!.adminToken)
      const name = `${randomUUID()}.example`

      const domain = await ui.tryOut('createDomain', { body: { domain: { domain: name } } })
      expect(domain).toMatchObject({ status: 201, body: { domain: { domain: name, parent: 'quobis' } } })
      const user = await ui.tryOut('createUser', { body: { user: { username: name, attributes: { domain: name } } } })
      expect(user).toMatchObject({ status: 201, body: { user: { username: name, attributes: { domain: name } } } })

      const { user: created } = user.body as { readonly user: object }
      const listed = await ui.tryOut('listUsers', { parameters: { domain: name } })
      expect(listed).toEqual({ status: 200, body: { users: [created], total: 1 } })
      const found = await ui.tryOut('findUser', { parameters: { domain: name, username: name } })
      expect(found).toEqual({ status: 200, body: created })
      expectPeace(ui)
    })

    it('links to the document', async () => {
      await using ui = await open(kitters[index]!)
      const link = ui.page.getByRole('link', { name: '/openapi.json' })
      const [opened] = await Promise.all([ui.page.waitForEvent('popup'), link.click()])

      await opened.waitForLoadState()
      expect(opened.url()).toBe(`${kitters[index]!.url}/openapi.json`)
      expect(JSON.parse(await opened.locator('pre').innerText())).toEqual(await documentOf(kitters[index]!))
      expectPeace(ui)
    })
  })

  it('lists everything where no filter is given, and pages', async () => {
    for (const username of ['one', 'two', 'three'].map((name) => `${name}-${randomUUID()}`)) {
      await kitter.call('POST', '/users', { body: { user: { username } } })
    }
    const { body: all } = await kitter.call('GET', '/users')
    const { users, total } = all as { readonly users: readonly unknown[]; readonly total: number }
    await using ui = await open(kitter)
    await ui.authorize(kitter.adminToken)

    expect(await ui.tryOut('listUsers')).toEqual({ status: 200, body: all })
    const second = await ui.tryOut('listUsers', { parameters: { 'paginate[max]': '1', 'paginate[page]': '1' } })
    expect(second).toEqual({ status: 200, body: { users: [users[1]], total } })
    expectPeace(ui)
  })

  it('takes the examples that it shows', async () => {
    await using ui = await open(kitter)
    await ui.authorize(kitter.adminToken)

    expect(await ui.tryOut('createDomain')).toMatchObject({ status: 201, body: { domain: { domain: 'example.com' } } })
    expect(await ui.tryOut('createUser')).toMatchObject({ status: 201, body: { user: { username: 'johndoe' } } })
    expect(await ui.tryOut('findUser')).toMatchObject({ status: 200, body: { username: 'johndoe' } })
    expectPeace(ui)
  })

  it('shows an error as one', async () => {
    await using ui = await open(kitter)

    expect(await ui.tryOut('listDomains')).toMatchObject({ status: 401, body: { code: 'access.token_missing' } })
    await ui.authorize(kitter.adminToken)
    const refused = await ui.tryOut('createDomain', { body: { domain: { domain: 'quobis', colour: 'red' } } })
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', fields: [{ path: 'domain.colour', problem: 'is not known here' }] },
    })
    const taken = await ui.tryOut('createDomain', { body: { domain: { domain: 'quobis' } } })
    expect(taken).toMatchObject({
      status: 409,
      body: { error: 'There is a domain named quobis already.', code: 'domain.name_taken' },
    })

    // the browser reports each of them, and nothing else
    const reported = (status: string): string =>
      `Failed to load resource: the server responded with a status of ${status}`
    expect(ui.complaints).toEqual(['401 (Unauthorized)', '400 (Bad Request)', '409 (Conflict)'].map(reported))
    expect(ui.strangers).toEqual([])
  })

  it('looks like kitter, without what there is no use for', async () => {
    await using ui = await open(kitter)
    const { page } = ui
    const operation = await ui.unfold('createUser')
    await operation.locator('.responses-table').first().waitFor()

    expect(await page.title()).toBe('kitter API')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toMatch(/^data:image\/svg\+xml,/)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^kitter/)
    for (const junk of ['.topbar', '.servers', '.models', '.validator']) {
      expect(await page.locator(junk).count(), junk).toBe(0)
    }
    for (const junk of ['.response-col_links', '.response-control-media-type', 'select:has(option:only-child)']) {
      expect(await operation.locator(`.responses-table ${junk}:visible`).count(), junk).toBe(0)
    }
    const filters = await ui.unfold('listUsers')
    const email = filters.locator('tr[data-param-name=email]')
    expect(await email.innerText()).toContain('Example : user@example.com')
    expect(await email.locator('input').inputValue()).toBe('')
    expectPeace(ui)
  })

  it.each([
    { width: 1280, height: 900 },
    { width: 480, height: 800 },
  ])('fits a window of $width pixels', async (size) => {
    await using ui = await open(kitter, size)
    for (const operationId of ['listUsers', 'createUser']) {
      const operation = await ui.unfold(operationId)
      await operation.locator('.responses-table').first().waitFor()
    }

    expect(await ui.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width)
    const { x, width } = (await ui.page.getByRole('button', { name: 'Authorize' }).boundingBox())!
    expect(x + width).toBeLessThanOrEqual(size.width)
    expectPeace(ui)
  })

  it('asks no other host, under a real name or when told to', async () => {
    const url = kitter.url.replace('127.0.0.1', realHost)
    await using ui = await SwaggerUi.open(browser, `${url}/docs?url=https://elsewhere.example/openapi.json`)
    await ui.page.waitForLoadState('networkidle')

    expect(Object.keys(await ui.operations())).toContain('users')
    expect(ui.strangers).toEqual([])
    // without TLS, the browser complains of headers that need it
    expect(ui.complaints.filter((complaint) => /CSP|Content Security Policy/.test(complaint))).toEqual([])
  })
})
