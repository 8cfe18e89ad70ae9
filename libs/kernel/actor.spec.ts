import { describe, expect, it } from 'vitest'
import { everywhere, ownOnly, roles, scopeOf, seesAll } from './actor.ts'

const actor = { subject: 'a', name: 'a', domain: 'example.com' }

describe('The scope of an actor', () => {
  it('is everything, or a domain', () => {
    expect(roles.map((role) => scopeOf({ ...actor, role }))).toEqual([
      everywhere,
      { everything: false, domain: 'example.com' },
      everywhere,
    ])
  })

  it('is nothing without a role, also for somebody who lives in a domain', () => {
    expect(seesAll({ role: ownOnly })).toBe(false)
    expect(() => scopeOf({ ...actor, role: ownOnly })).toThrow(expect.objectContaining({ code: 'access.role_missing' }))
  })
})
