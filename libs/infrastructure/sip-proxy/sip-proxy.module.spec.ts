import { NestFactory } from '@nestjs/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CallerIdTable, SipProxy } from '#core/caller-id'
import { connectSipProxy } from './connect-sip-proxy.ts'
import { type SipProxyOptions, SipProxyModule } from './sip-proxy.module.ts'
import { TestHtable } from './test-htable.fixture.ts'

let htable: TestHtable
beforeAll(async () => {
  htable = await TestHtable.create()
})
afterAll(() => htable[Symbol.asyncDispose]())

async function portsOf(options: SipProxyOptions): Promise<string[]> {
  const app = await NestFactory.createApplicationContext(SipProxyModule.over(options), { logger: false })
  const found = [CallerIdTable, SipProxy].filter((port) => {
    try {
      return app.get(port) instanceof port
    } catch {
      return false
    }
  })
  await app.close()
  return found.map(({ name }) => name)
}

it('provides what it was given', async () => {
  const sipProxy = connectSipProxy({ url: 'http://127.0.0.1:1/RPC' })
  expect(await portsOf({ htable, sipProxy })).toEqual(['CallerIdTable', 'SipProxy'])
  expect(await portsOf({ htable, sipProxy: connectSipProxy({}) })).toEqual(['CallerIdTable'])
  expect(await portsOf({ sipProxy: connectSipProxy({ kamcmd: 'tcp:127.0.0.1:1' }) })).toEqual(['SipProxy'])
  expect(await portsOf({})).toEqual([])
})

it('leaves the database open for whoever opened it', async () => {
  await portsOf({ htable })
  await htable.database.ping()
})
