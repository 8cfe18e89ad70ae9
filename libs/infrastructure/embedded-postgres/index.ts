export type { EmbeddedPostgres } from './embedded-postgres.ts'
export { freePort } from './free-port.ts'
export { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start-embedded-postgres.ts'
export { makeFolder } from './make-folder.ts'
