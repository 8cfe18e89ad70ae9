import type { JsonObject } from '../domain/json-object.ts'

interface Place {
  rows(sql: string, ...parameters: readonly unknown[]): Promise<unknown>
}

/** In kitter's own rows alone, each with the dialect's document. Their names begin as the domain's does. */
export async function addManyUsers(
  place: Place,
  domain: string,
  count: number,
  document: JsonObject = {},
): Promise<void> {
  const [prefix] = domain.split('.')
  await place.rows(
    `WITH made AS (
      INSERT INTO kitter.users (id, username, domain, login_name, email_verified, enabled, attributes, communications_id)
      SELECT gen_random_uuid(), $2 || n, $1, $2 || n, false, true, '{}', $2 || n FROM generate_series(1, $3::int) AS n
      RETURNING id
    )
    INSERT INTO kitter.user_extensions (user_id, dialect, document) SELECT id, 'kazoo', $4 FROM made`,
    domain,
    prefix,
    count,
    JSON.stringify(document),
  )
}
