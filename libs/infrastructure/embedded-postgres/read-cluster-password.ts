import { readFile } from 'node:fs/promises'
import { StartError } from '#kernel'
import type { DataFolder } from './data-folder.ts'
import { errorCode } from './error-code.ts'

export async function readClusterPassword(folder: DataFolder): Promise<string> {
  const password = await readIfThere(folder.password)
  if (password !== '') return password
  throw new StartError(
    `${folder.password}, the password of the cluster ${folder.cluster}, is missing or empty: restore it.`,
  )
}

async function readIfThere(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  }
}
