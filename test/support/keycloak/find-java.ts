import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findProgram, foldersOf } from '../find-program.ts'

const oldestThatDoes = 17

/** A Java that Keycloak runs on: JAVA_HOME's, else that of the path. */
export function findJava(env: NodeJS.ProcessEnv): string | undefined {
  const { JAVA_HOME = '', PATH = '' } = env
  const java = findProgram('java', [...(JAVA_HOME === '' ? [] : [join(JAVA_HOME, 'bin')]), ...foldersOf(PATH)])
  return java !== undefined && versionOf(java) >= oldestThatDoes ? java : undefined
}

function versionOf(java: string): number {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
}
