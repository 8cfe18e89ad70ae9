import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Below this folder are Kazoo's schemas, as JSON, and its documentation of users, as a text: neither is the project's. */
const { KAZOO_MATERIAL: folder = '' } = process.env

function filesBelow(pattern: string): readonly string[] {
  return folder === '' ? [] : globSync(pattern, { cwd: folder }).map((path) => join(folder, path))
}

/** The folder of the schemas. */
export const kazooSchemas = filesBelow('**/user_auth.json').map(dirname).at(0)

export const kazooDocumentation = filesBelow('**/*.txt')
  .map((path) => readFileSync(path, 'utf8'))
  .find((text) => text.includes('Key Description Type Default Required'))
