import { spawn } from 'node:child_process'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../../e2e/until.fixture.ts'
import { guard } from '../../support/keycloak/guard.ts'
import { endGroup } from './end-group.ts'

const root = join(import.meta.dirname, '../../..')

export interface ProgramPlan {
  /** Options of Node, then the built program. */
  readonly command: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  /** Where it writes its log. */
  readonly folder: string
  readonly isReady: () => Promise<boolean>
}

/** A program of this project as a process, as operators run it; the id of the process. */
export async function startProgram(plan: ProgramPlan, resources: AsyncDisposableStack): Promise<number> {
  const { command, settings, folder, isReady } = plan
  await mkdir(folder, { recursive: true })
  const log = await open(join(folder, 'log'), 'w')
  const child = spawn(process.execPath, [...command], {
    cwd: root,
    // away from the terminal, whose Ctrl-C would end it before those that use it
    detached: true,
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  const pid = child.pid ?? 0
  const dismissGuard = guard(pid, folder)
  resources.defer(async () => {
    await endGroup(child)
    dismissGuard()
  })
  await until(`${command.join(' ')} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(await readFile(join(folder, 'log'), 'utf8'))
    return isReady().catch(() => false)
  })
  return pid
}
