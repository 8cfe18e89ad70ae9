import type { MigrationInterface, QueryRunner } from 'typeorm'

/** kitter's own row of every domain and user. The collation "C" makes the order of lists the same on every server. */
export class CreateDomainsAndUsers1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.domains (
        id text COLLATE "C" PRIMARY KEY,
        name text COLLATE "C" NOT NULL CONSTRAINT domains_name_key UNIQUE,
        parent text COLLATE "C" REFERENCES kitter.domains (name) ON UPDATE CASCADE,
        enable_anonymous boolean NOT NULL,
        anonymous_capabilities jsonb NOT NULL,
        origins jsonb NOT NULL,
        remote_sip_register boolean NOT NULL,
        services jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query('CREATE INDEX domains_parent ON kitter.domains (parent)')
    await runner.query(`
      CREATE TABLE kitter.users (
        id uuid PRIMARY KEY,
        username text COLLATE "C" NOT NULL,
        domain text COLLATE "C" NOT NULL REFERENCES kitter.domains (name) ON UPDATE CASCADE,
        login_name text COLLATE "C" NOT NULL CONSTRAINT users_login_name_key UNIQUE,
        email text COLLATE "C",
        email_key text COLLATE "C" CONSTRAINT users_email_key UNIQUE,
        email_verified boolean NOT NULL,
        enabled boolean NOT NULL,
        first_name text,
        last_name text,
        phone_number text COLLATE "C",
        attributes jsonb NOT NULL,
        communications_id text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT users_name_key UNIQUE (domain, username)
      )`)
    await runner.query('CREATE INDEX users_order ON kitter.users (username, id)')
    await runner.query('CREATE INDEX users_phone_number ON kitter.users (phone_number)')
    await runner.query(`
      CREATE FUNCTION kitter.domain_tree(top text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
        WITH RECURSIVE tree AS (
          SELECT name FROM kitter.domains WHERE name = top
          UNION
          SELECT child.name FROM kitter.domains child JOIN tree ON child.parent = tree.name
        )
        SELECT name FROM tree
      $$`)
    await runner.query('CREATE TABLE kitter.settings (name text PRIMARY KEY, value text NOT NULL)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kitter.settings')
    await runner.query('DROP FUNCTION kitter.domain_tree')
    await runner.query('DROP TABLE kitter.users')
    await runner.query('DROP TABLE kitter.domains')
  }
}
