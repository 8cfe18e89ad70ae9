import { access, constants, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DataFolder } from './data-folder.ts'
import { dataFolderError } from './data-folder-error.ts'
import { errorCode } from './error-code.ts'
import { makeFolder } from './make-folder.ts'

/** Makes the folder if it isn't there, and sees that it can be written. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const wanted = resolve(dataDir)
  try {
    await makeFolder(wanted)
    const folder = layOut(await realpath(wanted))
    await access(folder.path, constants.R_OK | constants.W_OK | constants.X_OK)
    await assertWritableIfThere(folder.lock)
    await assertWritableIfThere(folder.log)
    return folder
  } catch (error) {
    throw dataFolderError(wanted, error)
  }
}

function layOut(path: string): DataFolder {
  return {
    path,
    cluster: join(path, 'postgres'),
    password: join(path, 'postgres-password'),
    log: join(path, 'postgres.log'),
    lock: join(path, 'kitter.lock'),
    holder: join(path, 'kitter.pid'),
  }
}

async function assertWritableIfThere(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK | constants.W_OK)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}
