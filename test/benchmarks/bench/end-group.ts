import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const longestEndMs = 15_000

/** Ends a process that was started as the first of a group of its own, and whatever it has started. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), longestEndMs)
  await ended
  clearTimeout(timer)
}
