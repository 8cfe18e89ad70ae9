/**
 * `GET /users?username=…&exact=true` of the built kitter beside a bare Fastify handler with the same query: requests per
 * second with 32 connections, in turn, round by round. Needs `wrk` and a build: `npm run build && node test/benchmarks/exact-lookup.ts`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { runUntilTold } from './bench/run-until-told.ts'
import { startLoneKitter } from './bench/start-lone-kitter.ts'
import { spreadOf } from './bench/statistics.ts'

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

async function startBare(databaseUrl: string, resources: AsyncDisposableStack): Promise<string> {
  const bare = spawn(process.execPath, [join(import.meta.dirname, 'bare-lookup.ts'), databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(bare, 'exit')
  resources.defer(async () => {
    bare.kill()
    await ended
  })
  return firstLine(bare, /^http/)
}

await runUntilTold(async (resources, say) => {
  const { url, token, databaseUrl } = await startLoneKitter(resources)
  for (let i = 0; i < 200; i += 1) {
    const user = { username: `user${i}`, email: `user${i}@example.com`, first_name: 'Some', last_name: 'Body' }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    await fetch(`${url}/users`, { method: 'POST', headers, body: JSON.stringify({ user }) })
  }
  const bareUrl = await startBare(databaseUrl, resources)

  const path = '/users?username=user7&exact=true'
  wrk(url + path, token)
  wrk(bareUrl + path, token)
  const ratios: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const [kitter, bare] = [wrk(url + path, token), wrk(bareUrl + path, token)]
    ratios.push(kitter / bare)
    say(`kitter ${kitter}/s, bare ${bare}/s, ratio ${(kitter / bare).toFixed(2)}`)
  }
  say(`median ratio ${spreadOf(ratios).median.toFixed(2)}`)
})
