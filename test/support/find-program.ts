import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program in the first of these folders that has it. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

export function foldersOf(path: string): readonly string[] {
  return path.split(delimiter)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
