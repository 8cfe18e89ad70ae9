import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A folder or file of the material that lies beside the repository on some machines. It isn't the project's, so it's not in it. */
export function sharedMaterial(path: string): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'shared', path)
    if (existsSync(candidate)) return candidate
  }
  return undefined
}
