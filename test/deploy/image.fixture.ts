import { execFile } from 'node:child_process'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { checkout } from '../e2e/service-process.fixture.ts'
import { isRoot } from '../e2e/machine.fixture.ts'
import {
  type Copy,
  type Instruction,
  readCopy,
  readIgnored,
  readStages,
  type Stage,
  textsOf,
} from './container-file.fixture.ts'

const run = promisify(execFile)

/** The root folder of a stage, standing in for a file system, and where in it the last `WORKDIR` is. */
interface Place {
  readonly root: string
  folder: string
}

/**
 * Does what the Dockerfile says, without containers: each stage in a folder of its own, once those that it copies from are
 * there. Gives the last one's.
 */
export async function buildImage(folder: string): Promise<string> {
  const stages = await readStages()
  const built = new Map<string, Promise<void>>()
  for (const stage of stages) {
    const needed = textsOf(stage, 'COPY').flatMap((text) => built.get(readCopy(text).from ?? '') ?? [])
    built.set(
      stage.name,
      Promise.all(needed).then(() => buildStage(stage, folder)),
    )
  }
  await Promise.all(built.values())
  return join(folder, stages.at(-1)?.name ?? '')
}

async function buildStage(stage: Stage, stages: string): Promise<void> {
  const place: Place = { root: join(stages, stage.name), folder: '/' }
  for (const directory of ['usr/local/bin', 'var/lib']) await mkdir(join(place.root, directory), { recursive: true })
  for (const instruction of stage.instructions) await follow(instruction, place, stages)
}

async function follow({ name, text }: Instruction, place: Place, stages: string): Promise<void> {
  switch (name) {
    case 'WORKDIR':
      place.folder = text
      await mkdir(join(place.root, text), { recursive: true })
      return
    case 'RUN':
      return runIn(place, text)
    case 'COPY':
      return copyInto(place, readCopy(text), stages)
    default:
  }
}

/** Absolute paths are those of the stage. */
async function runIn({ root, folder }: Place, text: string): Promise<void> {
  const script = text.replaceAll(/(?<=\s)\/(?=opt|usr|var)/g, `${root}/`)
  const owners = isRoot ? '' : 'chown() { :; }; '
  await run('bash', ['-euc', owners + script], {
    cwd: join(root, folder),
    // how npm reaches its registry from here is in the environment; what it has fetched before is good enough
    env: {
      ...process.env,
      npm_config_prefer_offline: 'true',
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    },
  })
}

async function copyInto(place: Place, copy: Copy, stages: string): Promise<void> {
  const { from, sources, target } = copy
  const isInto = sources.length > 1 || target.endsWith('/')
  for (const source of sources) {
    const to = join(place.root, resolve(place.folder, target), isInto ? basename(source) : '')
    if (from === undefined) await copyFromCheckout(source, to)
    else await linkTree(join(stages, from, source), to)
  }
}

async function copyFromCheckout(source: string, to: string): Promise<void> {
  const isIgnored = await readIgnored()
  await cp(join(checkout, source), to, {
    recursive: true,
    filter: (path) => path === join(checkout, source) || !isIgnored(path.slice(checkout.length + 1)),
  })
}

/** Links in place of copies: nobody writes to them, and there are many. */
async function linkTree(from: string, to: string): Promise<void> {
  await run('cp', ['-al', from, to])
}

/** Every file and folder below one, by its path from there. */
export async function everythingIn(folder: string): Promise<readonly string[]> {
  return readdir(folder, { recursive: true })
}
