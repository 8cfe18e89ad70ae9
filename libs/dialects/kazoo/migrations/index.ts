import type { MigrationInterface } from 'typeorm'
import { CreateKazooLists1790000000011 } from './1790000000011-create-kazoo-lists.ts'
import { CreateKazooPhotos1790000000012 } from './1790000000012-create-kazoo-photos.ts'
import { CreateKazooTokens1790000000013 } from './1790000000013-create-kazoo-tokens.ts'

/** Of the dialect's own tables, in the order in which they run. */
export const kazooMigrations: (new () => MigrationInterface)[] = [
  CreateKazooLists1790000000011,
  CreateKazooPhotos1790000000012,
  CreateKazooTokens1790000000013,
]
