import type { MigrationInterface } from 'typeorm'

/** Of the dialect's own tables, in the order in which they run. */
export const kazooMigrations: (new () => MigrationInterface)[] = []
