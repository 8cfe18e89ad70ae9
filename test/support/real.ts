import { spawnSync } from 'node:child_process'
import { describe, it } from 'vitest'
import { findKamailio } from './find-kamailio.ts'
import { findProgram, foldersOf } from './find-program.ts'
import { findKeycloak, type KeycloakSource } from './keycloak/find-keycloak.ts'

/** Something that a bare machine lacks. */
interface RealThing {
  /** Why a test can't do without it: the second half of a sentence. */
  readonly why: string
  /** Where it is; nothing where it isn't. */
  find(): string | undefined
}

const { PATH = '', KITTER_REAL = '' } = process.env
if (KITTER_REAL !== '' && KITTER_REAL !== 'required') throw new Error('KITTER_REAL must be "required", or unset.')

const things = {
  chromium: {
    why: 'only a real browser shows what people see',
    find: () => programInPath('chromium'),
  },
  keycloak: {
    why: 'only the real one shows what it does (it needs Java 17 or newer, and Maven the first time)',
    find: () => placeOf(findKeycloak(process.env)),
  },
  hadolint: {
    why: 'it knows what is unwise in a Dockerfile (test/deploy/requirements.txt)',
    find: () => programInPath('hadolint'),
  },
  'kubernetes-validate': {
    why: 'it has the schemas of Kubernetes (test/deploy/requirements.txt)',
    find: () => programInPath('kubernetes-validate'),
  },
  'compose-spec': {
    why: 'it knows what a Compose file may say (test/deploy/requirements.txt)',
    find: () => pythonWith('compose_spec'),
  },
  kamailio: {
    why: 'only the real one shows what calls go by (Debian has it in kamailio and kamailio-postgres-modules)',
    find: () => findKamailio()?.program,
  },
} satisfies Record<string, RealThing>

export type RealThingName = keyof typeof things

/**
 * A suite that needs something real, and is told where it is. On a machine without it, the suite is skipped under a name
 * that says what is missing and why it's needed; with KITTER_REAL=required, as in CI, it fails.
 */
export function describeWith(name: RealThingName, title: string, suite: (where: string) => void): void {
  const { why, find } = things[name]
  const where = find()
  const missing = `there is no ${name} on this machine, and ${why}`
  if (where !== undefined) {
    describe(title, () => suite(where))
  } else if (KITTER_REAL === 'required') {
    describe(title, () => {
      it(`needs ${name}`, () => {
        throw new Error(`KITTER_REAL=required, but ${missing}.`)
      })
    })
  } else {
    describe.skip(`${title} (skipped: ${missing})`, () => suite(name))
  }
}

function placeOf(source: KeycloakSource | undefined): string | undefined {
  if (source === undefined) return undefined
  return 'url' in source ? source.url : source.java
}

function programInPath(program: string): string | undefined {
  return findProgram(program, foldersOf(PATH))
}

function pythonWith(module: string): string | undefined {
  const python = programInPath('python3')
  if (python === undefined) return undefined
  return spawnSync(python, ['-c', `import ${module}`]).status === 0 ? python : undefined
}
