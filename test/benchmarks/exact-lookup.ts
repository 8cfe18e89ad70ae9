/**
 * `GET /users?username=…&exact=true` of the built kitter beside a bare Fastify handler with the same query: requests per
 * second with 32 connections, in turn, round by round. Needs `wrk` and a build: `npm run build && node test/benchmarks/exact-lookup.ts`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const rounds = 5
const seconds = 4

function wrk(url: string, token: string): number {
  const options = ['-t1', '-c32', `-d${seconds}s`, '-H', `Authorization: Bearer ${token}`, url]
  const output = execFileSync('wrk', options, { encoding: 'utf8' })
  if (/Non-2xx/.test(output)) throw new Error(output)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1])
}

async function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) if (pattern.test(line)) return line
  throw new Error('it ended without a word')
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const folder = mkdtempSync(join(tmpdir(), 'kitter-bench-'))
const flags = ['--max-semi-space-size=8', '--heap-growing-percent=50']
const kitter = spawn(process.execPath, [...flags, join(root, 'dist/apps/kitter/main.js')], {
  env: { ...process.env, KITTER_DATA_DIR: folder, PORT: '0' },
  stdio: ['ignore', openSync(join(folder, 'log'), 'w'), 'inherit'],
})
let bare: ChildProcess | undefined
try {
  while (!existsSync(join(folder, 'service.json'))) await setTimeout(50)
  const { url } = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as { url: string }
  const token = readFileSync(join(folder, 'admin-token'), 'utf8').trim()
  for (let i = 0; i < 200; i += 1) {
    const user = { username: `user${i}`, email: `user${i}@example.com`, first_name: 'Some', last_name: 'Body' }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    await fetch(`${url}/users`, { method: 'POST', headers, body: JSON.stringify({ user }) })
  }
  const port = readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]
  const password = readFileSync(join(folder, 'postgres-password'), 'utf8').trim()
  const database = `postgres://kitter:${password}@127.0.0.1:${port}/kitter`
  bare = spawn(process.execPath, [join(import.meta.dirname, 'bare-lookup.ts'), database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const bareUrl = await firstLine(bare, /^http/)

  const path = '/users?username=user7&exact=true'
  wrk(url + path, token)
  wrk(bareUrl + path, token)
  const pairs = Array.from({ length: rounds }, () => ({
    kitter: wrk(url + path, token),
    bare: wrk(bareUrl + path, token),
  }))
  for (const pair of pairs)
    console.log(`kitter ${pair.kitter}/s, bare ${pair.bare}/s, ratio ${(pair.kitter / pair.bare).toFixed(2)}`)
  console.log(`median ratio ${median(pairs.map((pair) => pair.kitter / pair.bare)).toFixed(2)}`)
} finally {
  bare?.kill()
  kitter.kill('SIGTERM')
  await new Promise((resolve) => kitter.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
}
