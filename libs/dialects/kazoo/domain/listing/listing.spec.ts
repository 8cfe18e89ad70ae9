import { describe, expect, it } from 'vitest'
import { featuresOf } from './features.ts'
import { summaryOf } from './summary.ts'

describe('the row of a user', () => {
  it("is as Kazoo's documentation shows it, to the letter", () => {
    const document = {
      caller_id: { external: { number: '+34911' } },
      custom: 1,
      email: 'user1@account_realm.com',
      enabled: true,
      first_name: 'User',
      id: '{USER_ID}',
      last_name: 'One',
      priv_level: 'admin',
      timezone: 'America/Los_Angeles',
      username: 'user1@account_realm.com',
      vm_to_email_enabled: true,
    }
    expect(JSON.stringify(summaryOf(document), undefined, 4)).toBe(`{
    "email": "user1@account_realm.com",
    "features": [
        "caller_id",
        "vm_to_email"
    ],
    "first_name": "User",
    "id": "{USER_ID}",
    "last_name": "One",
    "priv_level": "admin",
    "timezone": "America/Los_Angeles",
    "username": "user1@account_realm.com"
}`)
  })

  it('leaves out what is not there', () => {
    expect(summaryOf({ id: 'x', vm_to_email_enabled: false })).toEqual({ features: [], id: 'x' })
  })
})

it.each([
  [{ hotdesk: { enabled: true } }, ['hotdesk']],
  [{ call_forward: { enabled: true, failover: true } }, ['call_forward']],
  [{ call_forward: { failover: true } }, ['call_forward_failover']],
  [{ caller_id: { external: { number: '' }, internal: { number: '1' } } }, []],
  [{ caller_id: { external: { number: '1' } } }, ['caller_id']],
  [{ vm_to_email_enabled: true }, ['vm_to_email']],
  [{ music_on_hold: { media_id: 'x' } }, ['music_on_hold']],
  [{ hotdesk: true, call_forward: null, caller_id: 'x', music_on_hold: [] }, []],
])('%j has the features %j', (document, features) => {
  expect(featuresOf(document)).toEqual(features)
})
