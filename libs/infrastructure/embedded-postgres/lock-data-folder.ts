import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '#kernel'
import type { DataFolder } from './data-folder.ts'
import { isAlive } from './is-alive.ts'

export interface DataFolderLock {
  release(): void
}

const sqliteBusy = 5

/** A handle that nobody holds would be collected, and its lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Node has no file lock, but SQLite takes one (fcntl) for an exclusive transaction. The system frees it when the process
 * ends, however it ends: so it is never stale, no reused process id confuses it, the Postgres that outlives kitter doesn't
 * inherit it, and it holds between containers that share a disk. The file stays empty, and is never opened in another way:
 * closing any handle on it would free this process' lock.
 */
export function lockDataFolder(folder: DataFolder): DataFolderLock {
  const database = new DatabaseSync(folder.lock)
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    writeFileSync(folder.holder, `${process.pid}\n`)
  } catch (error) {
    database.close()
    throw isBusy(error) ? heldError(folder) : error
  }
  held.add(database)
  return {
    release(): void {
      if (!held.delete(database)) return
      rmSync(folder.holder, { force: true })
      database.close()
    },
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

function heldError(folder: DataFolder): StartError {
  const holder = Number(readHolder(folder))
  const who =
    holder > 0 && isAlive(holder) ? `process ${holder}` : 'its process is in another container, or only starting'
  return new StartError(
    `Another kitter holds the data folder ${folder.path} (${who}): stop it, or set KITTER_DATA_DIR to another folder.`,
  )
}

function readHolder(folder: DataFolder): string {
  try {
    return readFileSync(folder.holder, 'utf8')
  } catch {
    return ''
  }
}
