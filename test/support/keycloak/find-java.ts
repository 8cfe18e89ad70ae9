import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const oldestThatDoes = 17

/** A Java that Keycloak runs on: JAVA_HOME's, else that of the path. */
export function findJava(env: NodeJS.ProcessEnv): string | undefined {
  const { JAVA_HOME = '', PATH = '' } = env
  const folders = [...(JAVA_HOME === '' ? [] : [join(JAVA_HOME, 'bin')]), ...PATH.split(delimiter)]
  const java = folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'java'))
    .find(isExecutable)
  return java !== undefined && versionOf(java) >= oldestThatDoes ? java : undefined
}

function versionOf(java: string): number {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
