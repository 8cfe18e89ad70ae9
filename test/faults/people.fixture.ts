import type { Pool } from 'pg'

/** What somebody does to some users behind kitter's back. */
const meddling: readonly string[] = [
  'DELETE FROM sandbox.accounts WHERE id = ANY ($1)',
  "DELETE FROM sandbox.wac_users WHERE document ->> 'externalId' = ANY ($1)",
  'DELETE FROM kitter.users WHERE id::text = ANY ($1)',
  "UPDATE sandbox.accounts SET first_name = 'Other' WHERE id = ANY ($1)",
  'UPDATE sandbox.accounts SET enabled = false WHERE id = ANY ($1)',
  "UPDATE sandbox.accounts SET login_name = 'new-' || login_name, login_key = 'new-' || login_key WHERE id = ANY ($1)",
  `UPDATE sandbox.wac_users SET document = document || '{"displayName": "Wrong"}' WHERE document ->> 'externalId' = ANY ($1)`,
  `UPDATE sandbox.wac_users SET document = document || '{"mobilePhone": ["+34 9"]}' WHERE document ->> 'externalId' = ANY ($1)`,
  "UPDATE sandbox.wac_users SET document = document - 'externalId' WHERE document ->> 'externalId' = ANY ($1)",
  "UPDATE kitter.users SET last_name = 'Old' WHERE id::text = ANY ($1)",
]

/** Many users who are the same everywhere, until somebody meddles with some of them. */
export class People {
  private constructor(
    private readonly database: Pool,
    private readonly ids: string[],
  ) {}

  static async settle(database: Pool, count: number): Promise<People> {
    const { rows } = await database
      .query<{ readonly id: string }>(
        `CREATE TABLE public.people AS SELECT gen_random_uuid()::text AS id, 'user' || n AS name, n
        FROM generate_series(1, ${count}) n;
      INSERT INTO sandbox.accounts (id, login_name, login_key, email, email_key, email_verified, enabled, first_name, last_name, attributes)
        SELECT id, name, name, name || '@example.com', name || '@example.com', true, true, 'Some', 'Body',
          jsonb_build_object('domain', '["quobis"]'::jsonb, 'phone_number', jsonb_build_array('+34 ' || n)) FROM public.people;
      INSERT INTO sandbox.wac_users (id, document)
        SELECT lpad(to_hex(n), 24, '0'), jsonb_build_object('domain', 'quobis', 'username', name, 'displayName', 'Some',
          'email', name || '@example.com', 'role', 'user', 'capabilities', '[]'::jsonb,
          'mobilePhone', jsonb_build_array('+34 ' || n), 'externalId', id) FROM public.people;
      INSERT INTO kitter.users (id, username, domain, login_name, email, email_key, email_verified, enabled, first_name, last_name,
          phone_number, attributes, communications_id)
        SELECT id::uuid, name, 'quobis', name, name || '@example.com', name || '@example.com', true, true, 'Some', 'Body', '+34 ' || n,
          '{}', lpad(to_hex(n), 24, '0') FROM public.people`,
      )
      .then(() => database.query<{ readonly id: string }>('SELECT id FROM public.people ORDER BY n'))
    return new People(
      database,
      rows.map(({ id }) => id),
    )
  }

  /** Does each harm to so many, each to others. Who they are. */
  async meddle(ofEach: number): Promise<readonly string[]> {
    const harmed: string[] = []
    for (const sql of meddling) {
      const ids = this.ids.splice(0, ofEach)
      await this.database.query(sql, [ids])
      harmed.push(...ids)
    }
    return harmed
  }

  /** All that is kept of those whom nobody has meddled with. */
  async untouched(): Promise<unknown> {
    const { rows } = await this.database.query<{ readonly kept: unknown }>(
      `SELECT jsonb_agg(jsonb_build_array(to_jsonb(kitter), to_jsonb(account), to_jsonb(wac)) ORDER BY kitter.id) AS kept
      FROM kitter.users kitter JOIN sandbox.accounts account ON account.id = kitter.id::text
      JOIN sandbox.wac_users wac ON wac.document ->> 'externalId' = kitter.id::text WHERE kitter.id::text = ANY ($1)`,
      [this.ids],
    )
    return rows[0]?.kept
  }
}
