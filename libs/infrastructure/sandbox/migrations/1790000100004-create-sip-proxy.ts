import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Kamailio's memory: what calls are made by until the next reload. */
export class CreateSipProxy1790000100004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox.sip_proxy_htable (
        htable text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        value text NOT NULL,
        PRIMARY KEY (htable, name)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sandbox.sip_proxy_htable')
  }
}
