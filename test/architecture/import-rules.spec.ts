import { execFile } from 'node:child_process'
import { cp, glob, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[]
  }
}

async function cruise(folder: string): Promise<Cruise> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await run(
    process.execPath,
    [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs'],
    options,
  )
    // the exit code is the number of violations
    .catch((failure: unknown) => failure as { stdout: string })
  return JSON.parse(stdout) as Cruise
}

/** Beside each planted file stands the rule that must catch it. */
const planted: readonly { readonly rule: string; readonly path: string; readonly text: string }[] = [
  {
    rule: 'no-cycles',
    path: 'libs/kernel/first.ts',
    text: "export { second } from './second.ts'\nexport const first = 1",
  },
  { rule: 'no-unresolved', path: 'libs/kernel/lost.ts', text: "export { nothing } from './nowhere.ts'" },
  {
    rule: 'modules-have-one-door',
    path: 'libs/core/users/application/burglar.ts',
    text: "export { domain } from '../../domains/domain/domain.ts'",
  },
  {
    rule: 'modules-have-one-door',
    path: 'apps/kitter/burglar.ts',
    text: "export { domain } from '../../libs/core/domains/domain/domain.ts'",
  },
  { rule: 'kernel-imports-nothing', path: 'libs/kernel/greedy.ts', text: "export { users } from '#core/users'" },
  {
    rule: 'kernel-imports-nothing',
    path: 'libs/kernel/framework.ts',
    text: "export { Injectable } from '@nestjs/common'",
  },
  {
    rule: 'kernel-imports-nothing',
    path: 'libs/kernel/builtin.ts',
    text: "export { readFile } from 'node:fs/promises'",
  },
  { rule: 'rest-knows-the-kernel', path: 'libs/rest/subject.ts', text: "export { users } from '#core/users'" },
  {
    rule: 'domain-is-pure',
    path: 'libs/core/users/domain/framework.ts',
    text: "export { Injectable } from '@nestjs/common'",
  },
  {
    rule: 'domain-is-pure',
    path: 'libs/core/users/domain/upwards.ts',
    text: "export { service } from '../application/service.ts'",
  },
  {
    rule: 'application-is-not-told-by-its-api',
    path: 'libs/core/users/application/web.ts',
    text: "export { dto } from '../api/dto.ts'",
  },
  {
    rule: 'application-is-not-told-by-its-api',
    path: 'libs/core/users/application/rest.ts',
    text: "export { rest } from '#rest'",
  },
  {
    rule: 'core-knows-no-infrastructure',
    path: 'libs/core/users/application/sql.ts',
    text: "export { Client } from 'pg'",
  },
  {
    rule: 'core-knows-no-infrastructure',
    path: 'libs/core/users/application/client.ts',
    text: "export { request } from 'node:https'",
  },
  {
    rule: 'core-knows-no-infrastructure',
    path: 'libs/core/users/application/store.ts',
    text: "export { postgres } from '#infrastructure/postgres'",
  },
  {
    rule: 'infrastructure-implements-ports',
    path: 'libs/infrastructure/postgres/dialect.ts',
    text: "export { kazoo } from '../../dialects/kazoo/index.ts'",
  },
  {
    rule: 'libraries-know-no-apps',
    path: 'libs/infrastructure/postgres/app.ts',
    text: "export { main } from '../../../apps/kitter/main.ts'",
  },
  {
    rule: 'dialects-stand-alone',
    path: 'libs/dialects/scim/other.ts',
    text: "export { kazoo } from '../kazoo/index.ts'",
  },
  {
    rule: 'nobody-needs-a-dialect',
    path: 'libs/core/users/application/kazoo.ts',
    text: "export { kazoo } from '../../../dialects/kazoo/index.ts'",
  },
  {
    rule: 'nobody-needs-a-dialect',
    path: 'libs/rest/kazoo.ts',
    text: "export { kazoo } from '#dialects/kazoo'",
  },
  {
    rule: 'dialects-speak-for-the-core',
    path: 'libs/dialects/scim/infrastructure/sandbox.ts',
    text: "export { sandbox } from '#infrastructure/sandbox'",
  },
  {
    rule: 'dialects-speak-for-the-core',
    path: 'libs/dialects/scim/infrastructure/driver.ts',
    text: "export { Client } from 'pg'",
  },
  {
    rule: 'dialect-domain-is-pure',
    path: 'libs/dialects/scim/domain/framework.ts',
    text: "export { Injectable } from '@nestjs/common'",
  },
  {
    rule: 'dialect-domain-is-pure',
    path: 'libs/dialects/scim/domain/rest.ts',
    text: "export { rest } from '#rest'",
  },
  {
    rule: 'dialect-adapters-keep-the-rows',
    path: 'libs/dialects/scim/application/store.ts',
    text: "export { postgres } from '#infrastructure/postgres'",
  },
  {
    rule: 'dialect-adapters-keep-the-rows',
    path: 'libs/dialects/kazoo/api/rows.ts',
    text: "export { rows } from '../infrastructure/rows.ts'",
  },
  {
    rule: 'only-declared-dependencies',
    path: 'libs/infrastructure/postgres/undeclared.ts',
    text: "export { default } from 'ansi-styles'",
  },
  { rule: 'only-declared-dependencies', path: 'apps/kitter/development.ts', text: "export { test } from 'vitest'" },
]

/** What the planted files need around them. */
const surroundings: Readonly<Record<string, string>> = {
  'libs/kernel/index.ts': 'export const kernel = 1',
  'libs/kernel/second.ts': "export { first } from './first.ts'\nexport const second = 2",
  'libs/rest/index.ts': 'export const rest = 1',
  'libs/core/users/index.ts': 'export const users = 1',
  'libs/core/users/application/service.ts': 'export const service = 1',
  'libs/core/users/api/dto.ts': 'export const dto = 1',
  'libs/core/domains/index.ts': 'export const domains = 1',
  'libs/core/domains/domain/domain.ts': 'export const domain = 1',
  'libs/infrastructure/postgres/index.ts': 'export const postgres = 1',
  'libs/infrastructure/sandbox/index.ts': 'export const sandbox = 1',
  'libs/dialects/kazoo/index.ts': "export { rule as kazoo } from './domain/rule.ts'",
  'libs/dialects/kazoo/domain/rule.ts':
    "import { Ajv } from 'ajv'\nimport { users } from '#core/users'\nexport const rule = [users, Ajv]",
  'libs/dialects/kazoo/infrastructure/rows.ts': "export { postgres as rows } from '#infrastructure/postgres'",
  'apps/kitter/main.ts': 'export const main = 1',
}

describe('import rules', () => {
  let folder: string
  let found: Cruise

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitter-rules-'))
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      await cp(join(root, file), join(folder, file))
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const files = [...Object.entries(surroundings), ...planted.map(({ path, text }) => [path, text] as const)]
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), `${text}\n`)
    }
    found = await cruise(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(planted)('$rule catches $path', ({ rule, path }) => {
    const caught = found.summary.violations.filter(({ from }) => from === path).map((violation) => violation.rule.name)
    expect(caught).toContain(rule)
  })

  it('every rule has a planted violation', async () => {
    const { default: config } = (await import(join(root, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] }
    }
    expect(new Set(planted.map(({ rule }) => rule))).toEqual(new Set(config.forbidden.map(({ name }) => name)))
  })

  it('leaves the files alone that keep to the rules', () => {
    const innocent = found.summary.violations.filter(({ from }) => from in surroundings)
    expect(innocent).toEqual([])
  })

  it('holds for the whole project, of which it sees every file', async () => {
    const { modules, summary } = await cruise(root)
    const files: string[] = []
    for await (const file of glob('{apps,libs}/**/*.ts', { cwd: root })) files.push(file)
    const seen = new Set(modules.map(({ source }) => source))
    expect(files.filter((file) => !seen.has(file))).toEqual([])
    expect(files.length).toBeGreaterThan(100)
    expect(summary.violations).toEqual([])
  })
})
