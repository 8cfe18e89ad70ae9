import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * wac-core's side: documents as it shows them, with what they are found by beside them. A domain that users are in can
 * neither go nor be renamed.
 */
export class CreateWacCore1790000100003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox.wac_domains (
        id text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        domain text COLLATE "C" NOT NULL GENERATED ALWAYS AS (document ->> 'domain') STORED
          CONSTRAINT wac_domains_name_key UNIQUE
      )`)
    await runner.query(`
      CREATE TABLE sandbox.wac_users (
        id text COLLATE "C" PRIMARY KEY,
        document jsonb NOT NULL,
        domain text COLLATE "C" NOT NULL GENERATED ALWAYS AS (document ->> 'domain') STORED
          CONSTRAINT wac_users_domain_fkey REFERENCES sandbox.wac_domains (domain),
        username text COLLATE "C" NOT NULL GENERATED ALWAYS AS (document ->> 'username') STORED,
        CONSTRAINT wac_users_name_key UNIQUE (domain, username)
      )`)
    await runner.query('CREATE INDEX wac_users_username ON sandbox.wac_users (username)')
    await runner.query(`
      CREATE TABLE sandbox.wac_sip_mappings (
        id text COLLATE "C" PRIMARY KEY,
        owner_id text COLLATE "C" NOT NULL CONSTRAINT wac_sip_mappings_owner_fkey REFERENCES sandbox.wac_users (id),
        username text COLLATE "C" NOT NULL CONSTRAINT wac_sip_mappings_username_key UNIQUE
      )`)
    await runner.query('CREATE INDEX wac_sip_mappings_owner ON sandbox.wac_sip_mappings (owner_id)')
    await runner.query(`
      CREATE TABLE sandbox.wac_sip_pool (
        username text COLLATE "C" PRIMARY KEY,
        status text NOT NULL CHECK (status IN ('assigned', 'available'))
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sandbox.wac_sip_pool')
    await runner.query('DROP TABLE sandbox.wac_sip_mappings')
    await runner.query('DROP TABLE sandbox.wac_users')
    await runner.query('DROP TABLE sandbox.wac_domains')
  }
}
