/**
 * Logging out a domain of 2,000 users with 50 sessions, in a realm of 5,000, beside logging out each of its users: by
 * Keycloak's own call with eight callers, in turn, round by round. Needs Java and a build:
 * `npm run build && node test/benchmarks/domain-logout.ts`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseEnv, promisify } from 'node:util'
import { findJava } from '../support/keycloak/find-java.ts'
import { keycloakDistribution } from '../support/keycloak/keycloak-distribution.ts'
import { startKeycloak } from '../support/keycloak/keycloak-server.ts'

const root = join(import.meta.dirname, '../..')
const rounds = 5
const [inRealm, inDomain, withSessions] = [5000, 2000, 50]
const password = 'correct horse'

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** So many callers at once, each with the next piece of work. */
async function inParallel<Work>(work: readonly Work[], callers: number, act: (work: Work) => Promise<unknown>) {
  const left = work.values()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (const piece of left) await act(piece)
    }),
  )
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await act()
  return performance.now() - started
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each answer is looked into once, below
type Answer = any

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}

const java = findJava(process.env)
if (java === undefined) throw new Error('there is no Java 17 or newer on this machine')
const folder = mkdtempSync(join(tmpdir(), 'kitter-bench-'))
const keycloak = await startKeycloak(java, await keycloakDistribution(java, process.env))
let kitter: ChildProcess | undefined
try {
  const bootstrap = [
    'bootstrap',
    'keycloak',
    '--url',
    keycloak.url,
    '--realm',
    'bench',
    '--admin-user',
    keycloak.adminUser,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/apps/cli/main.js'), ...bootstrap], {
    env: { ...process.env, KEYCLOAK_ADMIN_PASSWORD: keycloak.adminPassword },
  })
  const realm = `${keycloak.url}/realms/bench`
  const admin = `${keycloak.url}/admin/realms/bench`
  const tokenOf = async (url: string, form: Record<string, string>): Promise<string> =>
    (
      await answerOf(
        await fetch(`${url}/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams(form) }),
      )
    ).access_token
  const adminToken = (): Promise<string> =>
    tokenOf(`${keycloak.url}/realms/master`, {
      grant_type: 'password',
      client_id: 'admin-cli',
      username: keycloak.adminUser,
      password: keycloak.adminPassword,
    })
  const call = async (token: string, method: string, url: string, body?: unknown) =>
    answerOf(
      await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    )

  const asAdmin = await adminToken()
  for (const clientId of ['people', 'portal'])
    await call(asAdmin, 'POST', `${admin}/clients`, { clientId, publicClient: true, directAccessGrantsEnabled: true })
  await call(asAdmin, 'PUT', admin, { realm: 'bench', accessTokenLifespan: 3600 })
  await call(asAdmin, 'POST', `${admin}/users`, {
    username: 'boss',
    enabled: true,
    credentials: [{ type: 'password', value: password }],
  })
  const [boss] = await call(asAdmin, 'GET', `${admin}/users?username=boss&exact=true`)
  const role = await call(asAdmin, 'GET', `${admin}/roles/kitter-admin`)
  await call(asAdmin, 'POST', `${admin}/users/${boss!.id}/role-mappings/realm`, [role])

  kitter = spawn(process.execPath, [join(root, 'dist/apps/kitter/main.js')], {
    env: { ...process.env, ...parseEnv(stdout), KITTER_DATA_DIR: folder, PORT: '0' },
    stdio: ['ignore', openSync(join(folder, 'log'), 'w'), 'inherit'],
  })
  while (!existsSync(join(folder, 'service.json'))) await setTimeout(50)
  const { url } = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as { url: string }
  const logIn = (username: string, scope: string) =>
    tokenOf(realm, {
      grant_type: 'password',
      client_id: scope === 'openid' ? 'people' : 'portal',
      username,
      password,
      scope,
    })
  const asBoss = await logIn('boss', 'openid')

  const { domain } = await call(asBoss, 'POST', `${url}/domains`, { domain: { domain: 'acme.example' } })
  const ids: string[] = []
  await inParallel([...Array(inRealm).keys()], 16, async (index) => {
    const credentials = index < withSessions ? { credentials: { password } } : {}
    const attributes = { domain: index < inDomain ? 'acme.example' : 'quobis' }
    const { user } = await call(asBoss, 'POST', `${url}/users`, {
      user: { username: `user${index}`, attributes, ...credentials },
    })
    if (index < inDomain) ids.push(user.id)
  })
  console.log(`${inRealm} users in the realm, ${ids.length} of them in the domain`)

  const open = (): Promise<unknown> =>
    inParallel([...Array(withSessions).keys()], 4, (index) =>
      logIn(`user${index}`, index % 5 === 0 ? 'openid offline_access' : 'openid'),
    )
  const pairs: { domain: number; each: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    await open()
    let count: unknown
    const whole = await timed(async () => {
      count = (await call(asBoss, 'POST', `${url}/domains/${domain.id}/logout`)).logged_out
    })
    if (Number(count) < withSessions) throw new Error(`only ${String(count)} of ${withSessions} sessions were ended`)
    await open()
    const token = await adminToken()
    const each = await timed(() => inParallel(ids, 8, (id) => call(token, 'POST', `${admin}/users/${id}/logout`)))
    pairs.push({ domain: whole, each })
    console.log(
      `round ${round + 1}: the domain ${whole.toFixed(0)} ms (${String(count)} sessions), each user ${each.toFixed(0)} ms`,
    )
  }
  const ratio = median(pairs.map(({ domain: whole, each }) => each / whole))
  console.log(`the domain at once is ${ratio.toFixed(1)} times as fast (median of ${rounds} rounds)`)
} finally {
  kitter?.kill()
  await keycloak.stop()
  rmSync(folder, { recursive: true, force: true })
}
