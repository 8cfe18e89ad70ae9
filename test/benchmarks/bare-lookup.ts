import fastify from 'fastify'
import { Pool } from 'pg'

/**
 * The other side of the pair: a Fastify handler that asks the same question of the same rows and does nothing else: no
 * token, no validation, no log, no headers.
 */
const sql = `
  SELECT id, username, domain, login_name, email, email_verified, enabled, first_name, last_name, phone_number, attributes,
    communications_id, count(*) OVER ()::int AS total
  FROM kitter.users WHERE username = $1 ORDER BY username, id LIMIT 100 OFFSET 0`

const pool = new Pool({ connectionString: process.argv[2] ?? '', max: 10 })
const app = fastify()

app.get<{ Querystring: { username: string } }>('/users', async ({ query }) => {
  const { rows } = await pool.query<{ total: number }>(sql, [query.username])
  return { users: rows, total: rows[0]?.total ?? 0 }
})

process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
