import { readFileSync } from 'node:fs'
import { isPlainObject } from '#kernel'

/** kitter's own version, from the package.json above the sources or above `dist`. */
export function version(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    const described = read(new URL(path, import.meta.url))
    if (isPlainObject(described) && typeof described['version'] === 'string') return described['version']
  }
  return 'unknown'
}

function read(url: URL): unknown {
  try {
    return JSON.parse(readFileSync(url, 'utf8'))
  } catch {
    return undefined
  }
}
