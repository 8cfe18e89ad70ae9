import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram } from './program.ts'

const main = join(import.meta.dirname, '../../../dist/apps/kitter/main.js')

export interface BuiltKitterPlan {
  /** Of its data, and where it writes its log. */
  readonly folder: string
  readonly settings?: Readonly<Record<string, string>>
  /** Besides those that `npm start` gives. */
  readonly nodeOptions?: readonly string[]
}

/** Kitter as a process, on a free port. */
export async function startBuiltKitter(
  { folder, settings, nodeOptions = [] }: BuiltKitterPlan,
  resources: AsyncDisposableStack,
): Promise<{ readonly url: string; readonly pid: number }> {
  const announced = async (): Promise<string> =>
    (JSON.parse(await readFile(join(folder, 'service.json'), 'utf8')) as { url: string }).url
  const plan = {
    command: ['--max-semi-space-size=8', '--heap-growing-percent=50', ...nodeOptions, main],
    settings: { PORT: '0', KITTER_DATA_DIR: folder, ...settings },
    folder,
    isReady: async () => (await announced()) !== '',
  }
  const pid = await startProgram(plan, resources)
  return { url: await announced(), pid }
}
