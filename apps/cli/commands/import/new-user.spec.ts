import { describe, expect, it } from 'vitest'
import { newUserOf, problemsOf } from './new-user.ts'
import { isPeopleColumn, type PeopleColumn } from './people-columns.ts'

function values(given: Partial<Record<PeopleColumn, string>>): ReadonlyMap<PeopleColumn, string> {
  const entries = Object.entries({ username: 'jane', domain: 'acme.example', ...given })
  return new Map(entries.flatMap(([column, value]) => (isPeopleColumn(column) ? [[column, value] as const] : [])))
}

/** As the service gets it. */
const sent = (given: Partial<Record<PeopleColumn, string>>): unknown =>
  JSON.parse(JSON.stringify(newUserOf(values(given))))

describe('newUserOf', () => {
  it('sends only what is given', () => {
    expect(sent({})).toEqual({ username: 'jane', attributes: { domain: 'acme.example' } })
  })

  it('puts every column where the API wants it', () => {
    const given = {
      email: 'jane@example.com',
      first_name: 'Jane',
      last_name: 'Doe',
      phone_number: '577.401.1737 x5071',
      enabled: 'false',
      email_verified: 'true',
      password: ' secret ',
      temporary: 'yes',
    }
    expect(sent(given)).toEqual({
      username: 'jane',
      email: 'jane@example.com',
      first_name: 'Jane',
      last_name: 'Doe',
      enabled: false,
      email_verified: true,
      attributes: { domain: 'acme.example', phone_number: '577.401.1737 x5071' },
      credentials: { password: ' secret ', temporary: true },
    })
  })

  it.each(['true', 'TRUE', 'Yes', 'yes', '1'])('takes %s as true', (enabled) => {
    expect(sent({ enabled })).toMatchObject({ enabled: true })
  })

  it.each(['false', 'False', 'NO', 'no', '0'])('takes %s as false', (enabled) => {
    expect(sent({ enabled })).toMatchObject({ enabled: false })
  })
})

describe('problemsOf', () => {
  it('finds nothing wrong with a row that only the service can judge', () => {
    expect(problemsOf(values({ username: 'j a n e', email: 'no', temporary: 'false' }))).toEqual([])
  })

  it.each(['y', 'on', '2', 'maybe', 'constructor', 'true false'])('refuses %s as a switch', (text) => {
    const unclear = 'must be true or false, yes or no, 1 or 0'
    expect(problemsOf(values({ enabled: text }))).toEqual([`enabled ${unclear}`])
    expect(problemsOf(values({ email_verified: text }))).toEqual([`email_verified ${unclear}`])
    expect(problemsOf(values({ temporary: text, password: 'secret' }))).toEqual([`temporary ${unclear}`])
  })

  it('tells everything at once', () => {
    expect(
      problemsOf(
        new Map([
          ['enabled', 'maybe'],
          ['temporary', 'yes'],
        ]),
      ),
    ).toEqual([
      'username is missing',
      'domain is missing',
      'enabled must be true or false, yes or no, 1 or 0',
      'temporary is said of a password, but password is missing',
    ])
  })
})
