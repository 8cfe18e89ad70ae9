import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataFolder } from './data-folder.ts'

const prefix = '.postgres-new-'

/** Where a cluster is made, beside its place. Never one that was there before: a killed start's initdb may still run in it. */
export const clusterWorkshop = {
  open: (folder: DataFolder): Promise<string> => mkdtemp(join(folder.path, prefix)),

  close: (workshop: string): Promise<void> => rm(workshop, { recursive: true, force: true }),

  /** Removes those of killed starts. What an initdb that still runs leaves then is for the next start. */
  async closeAbandoned(folder: DataFolder): Promise<void> {
    const abandoned = (await readdir(folder.path)).filter((name) => name.startsWith(prefix))
    for (const name of abandoned) {
      await rm(join(folder.path, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
    }
  },
}
