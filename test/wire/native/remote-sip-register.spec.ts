import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer } from './refusal.fixture.ts'

const resources = new AsyncDisposableStack()
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  const kitter = resources.use(await TestKitter.start({ REMOTE_SIP_REGISTER_ENABLED: 'on' }))
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
})
afterAll(() => resources.disposeAsync())

describe('remote_sip_register, switched on by the operator', () => {
  it('can be given with a new domain and changed later', async () => {
    const created = await api.createDomain({ domain: 'remote.example.com', remote_sip_register: true })
    expect(created.status).toBe(201)
    const { domain } = created.body
    expect(domain.remote_sip_register).toBe(true)
    expect(await look.domainAtWacCore(domain.id)).toMatchObject({ remoteSipRegister: true })

    expect(await api.updateDomain(domain.id, { enable_anonymous: true })).toEqual(
      answer(200, { domain: { ...domain, enable_anonymous: true } }),
    )
    expect(await api.updateDomain(domain.id, { remote_sip_register: false })).toEqual(
      answer(200, { domain: { ...domain, enable_anonymous: true, remote_sip_register: false } }),
    )
    expect(await look.domainAtWacCore(domain.id)).toMatchObject({ remoteSipRegister: false })
  })
})
