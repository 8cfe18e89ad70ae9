import { randomUUID } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keycloakReady } from '../support/keycloak/keycloak-ready.ts'
import type { KeycloakAccess } from '../support/keycloak/keycloak-server.ts'
import { describeWith } from '../support/real.ts'
import { isBuilt, runBuilt } from './built-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'
import KeycloakAdminClient from '@keycloak/keycloak-admin-client'

describeWith('keycloak', 'kitter bootstrap keycloak, and kitter doctor after it', () => {
  const realm = `boot-${randomUUID()}`
  let keycloak: KeycloakAccess
  let folder: ScratchFolder

  beforeAll(async () => {
    keycloak = await keycloakReady()
    folder = await ScratchFolder.create()
  })

  afterAll(async () => {
    const admin = new KeycloakAdminClient({ baseUrl: keycloak.url, realmName: 'master' })
    const { adminUser: username, adminPassword: password } = keycloak
    await admin.auth({ grantType: 'password', clientId: 'admin-cli', username, password })
    await admin.realms.del({ realm }, { catchNotFound: true })
    await folder.remove()
  })

  const bootstrap = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const given = ['--url', keycloak.url, '--realm', realm, '--admin-user', keycloak.adminUser, ...args]
    const variables = { KEYCLOAK_ADMIN_PASSWORD: keycloak.adminPassword, ...env }
    return runBuilt(['bootstrap', 'keycloak', ...given], folder.path, variables)
  }
  const doctor = (...args: readonly string[]) => runBuilt(['doctor', ...args], folder.path)

  it.skipIf(!isBuilt)('prints variables that kitter starts with, and the doctor is content', async () => {
    const spaces = await bootstrap(['--client-id', 'a b'])
    expect(spaces).toMatchObject({ code: 2, stdout: '' })
    expect(spaces.stderr).toMatch(/^kitter: KEYCLOAK_CLIENT_ID has signs that [^\n]+\n$/)
    const dry = await bootstrap(['--dry-run'])
    expect(dry).toMatchObject({ code: 0, stdout: '' })
    expect(dry.stderr).toContain(`this would be done:\n- create the realm ${realm}\n`)

    const made = await bootstrap()
    expect(made.code).toBe(0)
    expect(made.stderr).toContain(`this was done:\n- create the realm ${realm}\n`)
    expect(parseEnv(made.stdout)).toEqual({
      KEYCLOAK_URL: keycloak.url,
      KEYCLOAK_REALM: realm,
      KEYCLOAK_CLIENT_ID: 'kitter',
      KEYCLOAK_CLIENT_SECRET: expect.stringMatching(/^\w{20,}$/),
    })
    const again = await bootstrap()
    expect(again).toEqual({
      ...made,
      stderr: `Nothing to change: the realm ${realm} at ${keycloak.url} is fit for kitter.\n`,
    })

    await appendFile(join(folder.path, '.env'), again.stdout)
    const { code, stdout } = await doctor()
    expect(stdout).toMatch(/^Postgres\n {2}✓ kitter brings its own Postgres along/)
    expect(stdout).toContain(`\nKeycloak\n  ✓ Keycloak at ${keycloak.url} answers, and has the realm ${realm}\n`)
    expect(stdout).toContain('\nwac-core\n  ✓ The sandbox stands in for wac-core')
    expect(stdout).toMatch(/\n\d+ right, 1 doubtful, 0 wrong\n$/)
    expect(code).toBe(0)
  })

  it.skipIf(!isBuilt)('the doctor tells scripts what is wrong, and no secret', async () => {
    const env = join(folder.path, '.env')
    await appendFile(env, 'KEYCLOAK_CLIENT_SECRET=mistaken-secret\nDATABASE_URL=postgres://k:hidden@127.0.0.1:2/k\n')
    const { code, stdout } = await doctor('--json')
    expect(code).toBe(1)
    const { systems, wrong } = JSON.parse(stdout) as {
      systems: { name: string; findings: { state: string }[] }[]
      wrong: number
    }
    expect(wrong).toBe(2)
    expect(systems.map(({ name, findings }) => [name, findings.at(-1)?.state])).toEqual([
      ['Postgres', 'wrong'],
      ['Keycloak', 'wrong'],
      ['wac-core', 'right'],
    ])
    expect(stdout).not.toMatch(/mistaken-secret|hidden/)
    expect(await readFile(env, 'utf8')).toContain('mistaken-secret')
  })

  it.skipIf(!isBuilt)('prints no secret that it was given, and sets none that programs read differently', async () => {
    const given = await bootstrap([], { KEYCLOAK_CLIENT_SECRET: 'chosen-by+the/operator=' })
    expect(given.code).toBe(0)
    expect(given.stderr).toContain('- give the client kitter the secret that was asked for\n')
    expect(given.stderr).toContain('KEYCLOAK_CLIENT_SECRET is the one that was given, and is not printed.\n')
    expect(given.stdout).toBe(`KEYCLOAK_URL=${keycloak.url}\nKEYCLOAK_REALM=${realm}\nKEYCLOAK_CLIENT_ID=kitter\n`)
    expect(given.stdout + given.stderr).not.toContain('chosen')

    const refused = await bootstrap([], { KEYCLOAK_CLIENT_SECRET: 'chosen #2' })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^kitter: KEYCLOAK_CLIENT_SECRET has signs that programs read differently [^\n]+\n$/)
    expect(refused.stderr).not.toContain('chosen')
    expect((await bootstrap()).stdout).toContain('\nKEYCLOAK_CLIENT_SECRET=chosen-by+the/operator=\n')
  })

  it.skipIf(!isBuilt)('says in one line why it can not', async () => {
    expect(await bootstrap([], { KEYCLOAK_ADMIN_PASSWORD: 'wrong-password' })).toEqual({
      code: 2,
      stdout: '',
      stderr: `kitter: Keycloak at ${keycloak.url} does not let ${keycloak.adminUser} log in to its realm master: Invalid user credentials.\n`,
    })
    expect(await bootstrap([], { KEYCLOAK_ADMIN_PASSWORD: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('set KEYCLOAK_ADMIN_PASSWORD'),
    })
    const settings = await runBuilt(['doctor'], folder.path, { KEYCLOAK_URL: 'nonsense' })
    expect(settings).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('KEYCLOAK_URL must be') })
  })
})
