import { expect, it } from 'vitest'
import { type ApiDocument, operationsOf } from '../openapi/api-document.fixture.ts'
import { BuiltKitter } from '../support/built-kitter.ts'
import { describeWith } from '../support/real.ts'
import { launch, SwaggerUi } from './swagger-ui.fixture.ts'

interface Envelope {
  readonly data: { readonly id: string }
}

describeWith('chromium', 'Swagger UI of a dialect', (chromium) => {
  it('creates a user by the example that it shows, and fetches and lists them', async () => {
    await using resources = new AsyncDisposableStack()
    const browser = await launch(chromium)
    resources.defer(() => browser.close())
    const kitter = resources.use(await BuiltKitter.start({ DIALECTS: 'kazoo', LOGIN_NAMES: 'domain' }))
    const document = (await (await fetch(`${kitter.url}/docs/kazoo/openapi.json`)).json()) as ApiDocument
    const idOf = (method: string, path: string): string =>
      operationsOf(document).find((operation) => operation.method === method && operation.path === path)?.operationId ??
      ''
    const made = await kitter.call('POST', '/domains', { body: { domain: { domain: 'acme.example' } } })
    const { domain } = made.body as { readonly domain: { readonly id: string } }
    const parameters = { account: `00000000${domain.id}` }
    const users = '/v2/accounts/{account}/users'

    const ui = resources.use(await SwaggerUi.open(browser, `${kitter.url}/docs/kazoo`))
    await ui.authorize(kitter.adminToken)
    const created = await ui.tryOut(idOf('PUT', users), { parameters })
    expect(created).toMatchObject({ status: 201, body: { status: 'success' } })
    const { id } = (created.body as Envelope).data
    expect(await ui.tryOut(idOf('GET', `${users}/{id}`), { parameters: { ...parameters, id } })).toMatchObject({
      status: 200,
      body: { data: (created.body as Envelope).data },
    })
    expect(await ui.tryOut(idOf('GET', users), { parameters })).toMatchObject({ status: 200, body: { data: [{ id }] } })
    expect(ui.complaints).toEqual([])
    expect(ui.strangers).toEqual([])
  })
})
