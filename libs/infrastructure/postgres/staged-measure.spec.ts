import { randomUUID } from 'node:crypto'
import { it } from 'vitest'
import { accountOf, communicationsUserOf, parseUserName } from '#core/users'
import { parseDomainName } from '#core/domains'
import { ComparisonSlice } from './comparison-slice.ts'
import { PostgresStaging } from './postgres-staging.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

it('measures', { timeout: 300_000 }, async () => {
  for (const [name, attributes] of [
    ['{}', {}],
    ['one single', { color: ['red'] }],
    ['three, two multi', { color: ['red', 'green', 'blue'], size: ['1'], b: ['x', 'a'] }],
  ] as const) {
    await using postgres = await TestPostgres.start()
    const domain = parseDomainName('m.example')
    await postgres.addDomain(domain)
    await postgres.database.rows(
      `INSERT INTO kitter.users (id, username, domain, login_name, email, email_key, email_verified, enabled, first_name, attributes, communications_id)
      SELECT md5(n::text)::uuid, 'u' || n, 'm.example', 'u' || n, 'U' || n || '@x.yz', 'u' || n || '@x.yz', true, true, 'N' || n, $1::jsonb, n::text
      FROM generate_series(1, 100000) n`,
      JSON.stringify(attributes),
    )
    await postgres.database.rows('ANALYZE kitter.users')
    const rows = await postgres.database.rows<{ id: string; n: string }>(
      'SELECT id, communications_id AS n FROM kitter.users',
    )
    const staging = new PostgresStaging(postgres.database, new ComparisonSlice())
    const reconciliation = randomUUID()
    let at = performance.now()
    const lap = (): number => {
      const now = performance.now()
      const took = Math.round(now - at)
      at = now
      return took
    }
    const users = rows.map(({ id, n }) => ({
      n,
      user: {
        id,
        username: parseUserName('u' + n),
        domain,
        email: `u${n}@x.yz`,
        emailVerified: true,
        enabled: true,
        firstName: 'N' + n,
        attributes,
      },
    }))
    lap()
    for (let i = 0; i < users.length; i += 1000)
      await staging.addAccounts(
        reconciliation,
        users.slice(i, i + 1000).map(({ user, n }) => accountOf(user, 'u' + n)),
      )
    const accounts = lap()
    for (let i = 0; i < users.length; i += 1000)
      await staging.addCommunicationsUsers(
        reconciliation,
        users.slice(i, i + 1000).map(({ user, n }) => ({ id: n, user: communicationsUserOf(user) })),
      )
    const comms = lap()
    const times = []
    let count = 0
    for (let t = 0; t < 4; t++) {
      count = await staging.compare(reconciliation, undefined)
      times.push(lap())
    }
    console.log(JSON.stringify({ name, accounts, comms, compare: times, count }))
  }
})
