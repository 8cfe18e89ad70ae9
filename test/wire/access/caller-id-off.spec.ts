import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '#kernel'
import { TestKitter } from '../../support/test-kitter.ts'
import { expectRefusal } from '../errors/refusal.fixture.ts'
import { named } from '../errors/routes.fixture.ts'
import { accessTable } from './access-table.fixture.ts'

let kitter: TestKitter
beforeAll(async () => {
  kitter = await TestKitter.start()
})
afterAll(() => kitter[Symbol.asyncDispose]())

const callerIdRoutes = named.filter(([, { path }]) => path.startsWith('/callerIdManager'))

describe('The caller-ID table, while it is switched off', () => {
  it.each(callerIdRoutes)(
    'is not there for those who could see it, and closed to the others: %s',
    async (name, route) => {
      const path = route.path.replace('{name}', '205')
      const body = route.body?.('205')
      const call = (token: string | null) =>
        kitter.call(route.method, path, { token, ...(body !== undefined && { body }) })
      expectRefusal(await call(null), { status: 401, code: 'access.token_missing' })
      for (const role of roles) {
        const answer = await call(await kitter.token(role, role === 'kitter-domain-admin' ? 'quobis' : undefined))
        const disabled = { status: 404, code: 'caller_id.disabled' }
        expectRefusal(
          answer,
          accessTable[name]?.includes(role) ? disabled : { status: 403, code: 'access.forbidden' },
          role,
        )
      }
    },
  )

  it('has all of its routes here', () => {
    expect(callerIdRoutes).toHaveLength(5)
  })
})
