import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkout } from '../e2e/service-process.fixture.ts'

export interface Instruction {
  readonly name: string
  readonly text: string
}

/** One `FROM`, and what follows it. */
export interface Stage {
  readonly image: string
  readonly name: string
  readonly instructions: readonly Instruction[]
}

export interface Copy {
  readonly from: string | undefined
  readonly sources: readonly string[]
  readonly target: string
}

export async function readStages(file = 'Dockerfile'): Promise<readonly Stage[]> {
  const stages: { image: string; name: string; instructions: Instruction[] }[] = []
  for (const instruction of instructionsOf(await readFile(join(checkout, file), 'utf8'))) {
    if (instruction.name === 'FROM') {
      const [image = '', , name = String(stages.length)] = instruction.text.split(/\s+/)
      stages.push({ image, name, instructions: [] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

export function textsOf(stage: Stage, name: string): readonly string[] {
  return stage.instructions.filter((instruction) => instruction.name === name).map(({ text }) => text)
}

export function environmentOf(stage: Stage): Readonly<Record<string, string>> {
  const words = textsOf(stage, 'ENV').flatMap((text) => text.split(/\s+/))
  return Object.fromEntries(words.map((word) => word.split('=') as [string, string]))
}

export function readCopy(text: string): Copy {
  const words = text.split(/\s+/)
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
  const paths = words.filter((word) => !word.startsWith('--'))
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
}

/** Tells of a path whether it is kept out of the image: the last line of `.dockerignore` that fits it counts. */
export async function readIgnored(): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(checkout, '.dockerignore'), 'utf8')).split('\n')
  const rules = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ pattern: line.replace(/^!/, ''), isIgnored: !line.startsWith('!') }))
  return (path) => rules.findLast(({ pattern }) => fits(path, pattern))?.isIgnored ?? false
}

/** A pattern also fits what is below what it fits; and unlike a shell's, its `*` fits names that begin with a dot, too. */
function fits(path: string, pattern: string): boolean {
  const expression = pattern.replaceAll('.', '\\.').replaceAll('**/', '(.+/)?').replaceAll('*', '[^/]*')
  return new RegExp(`^${expression}(/.*)?$`).test(path)
}

function instructionsOf(text: string): readonly Instruction[] {
  return text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/)
      return { name, text: words.join(' ') }
    })
}
