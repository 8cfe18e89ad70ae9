import { firstNames, lastNames } from './people.ts'
import { query } from './production-postgres.ts'
import type { World } from './world.ts'

const made = `
  WITH named AS (
    SELECT n, ($2::text[])[n % cardinality($2::text[]) + 1] AS first_name, ($3::text[])[n % cardinality($3::text[]) + 1] AS last_name
    FROM generate_series($4::int, $5::int - 1) AS n),
  made AS (
    SELECT md5($1 || n)::uuid AS id, n, first_name, last_name, lower(first_name || '.' || last_name || '.' || $1 || n) AS username,
      '+346' || lpad(n::text, 8, '0') AS phone_number
    FROM named)`

export interface Crowd {
  readonly series: string
  /** The number of the first of them, and of the one behind the last. */
  readonly from: number
  readonly to: number
}

/** Users as `person` makes them, written into kitter's rows, all in the root domain. */
export async function fillKitter({ kitter }: World, crowd: Crowd): Promise<void> {
  await query(
    kitter.databaseUrl,
    `${made}
    INSERT INTO kitter.users (id, username, domain, login_name, email, email_key, email_verified, enabled, first_name, last_name,
      phone_number, attributes, communications_id)
    SELECT id, username, 'quobis', username, username || '@example.com', username || '@example.com', false, true, first_name, last_name,
      phone_number, '{}', lpad(to_hex(n), 24, '0')
    FROM made ORDER BY id`,
    ...parametersOf(crowd),
  )
  await query(kitter.databaseUrl, 'VACUUM (ANALYZE) kitter.users')
}

/** The same into Keycloak's tables, as its admin API would have left them there. */
export async function fillKeycloak(databaseUrl: string, realm: string, crowd: Crowd): Promise<void> {
  const [found] = await query<{ id: string; role: string }>(
    databaseUrl,
    `SELECT realm.id, keycloak_role.id AS role FROM realm JOIN keycloak_role ON realm_id = realm.id
    WHERE realm.name = $1 AND keycloak_role.name = 'default-roles-' || $1`,
    realm,
  )
  await query(
    databaseUrl,
    `${made},
    users AS (
      INSERT INTO user_entity (id, username, email, email_constraint, email_verified, enabled, first_name, last_name, realm_id,
        created_timestamp, not_before)
      SELECT id, username, username || '@example.com', username || '@example.com', false, true, first_name, last_name, $6::text,
        extract(epoch FROM now()) * 1000, 0
      FROM made ORDER BY id),
    attributes AS (
      INSERT INTO user_attribute (id, user_id, name, value)
      SELECT gen_random_uuid(), id, 'domain', 'quobis' FROM made
      UNION ALL SELECT gen_random_uuid(), id, 'phone_number', phone_number FROM made)
    INSERT INTO user_role_mapping (user_id, role_id) SELECT id, $7::text FROM made`,
    ...parametersOf(crowd),
    found?.id,
    found?.role,
  )
  await query(databaseUrl, 'VACUUM (ANALYZE)')
}

function parametersOf({ series, from, to }: Crowd): readonly unknown[] {
  return [series, firstNames, lastNames, from, to]
}
