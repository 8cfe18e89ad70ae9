export type { EmbeddedPostgres } from './embedded-postgres.ts'
export { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start-embedded-postgres.ts'
