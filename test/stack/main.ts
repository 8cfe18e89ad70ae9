import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from './start-stack.ts'

const asked = new AbortController()
const say = (sentence: string): boolean => process.stderr.write(`${sentence}\n`)

const stopAsked = once(asked.signal, 'abort')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort())
asked.signal.addEventListener('abort', () => say('Stopping.'))
// keeps the process while nothing else does
const staying = setInterval(() => undefined, 60_000)

try {
  await using resources = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'kitter-stack-'))
  resources.defer(() => rm(folder, { recursive: true, force: true }))
  const { settings, remarks } = await startStack(folder, resources, say)
  if (!asked.signal.aborted) {
    for (const [name, value] of Object.entries(settings)) process.stdout.write(`${name}=${value}\n`)
    for (const remark of remarks) say(`# ${remark}`)
    say('# Ctrl-C stops all of it, and removes what it kept.')
  }
  await stopAsked
} finally {
  clearInterval(staying)
}
process.exit()
