import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Group, groups } from './row.ts'
import { docs } from './write-page.ts'

export interface Options {
  readonly groups: readonly Group[]
  readonly rounds: number
  /** Of the sizes that the report is about: 1 is all of it. */
  readonly share: number
  /** The folder of the report. */
  readonly into: string
  /** Of the Node that kitter runs on. */
  readonly nodeOptions: readonly string[]
}

const usual = { size: '10000', only: groups.join(','), rounds: '3' }

/**
 * `--size` is that of an import, and everything else shrinks with it. What isn't about everything doesn't become the
 * report of the project, unless somebody says so by `--into docs`.
 */
export function optionsFrom(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: usual.size },
      only: { type: 'string', default: usual.only },
      rounds: { type: 'string', default: usual.rounds },
      into: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const { size, only, rounds, profile } = values
  const isWhole = size === usual.size && only === usual.only && Number(rounds) >= Number(usual.rounds)
  return {
    groups: only.split(',').map(groupNamed),
    rounds: wholeNumber('rounds', rounds),
    share: Math.min(1, wholeNumber('size', size) / Number(usual.size)),
    into: values.into ?? (isWhole ? docs : mkdtempSync(join(tmpdir(), 'kitter-bench-report-'))),
    nodeOptions: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`],
  }
}

function groupNamed(name: string): Group {
  const group = groups.find((each) => each === name.trim())
  if (group === undefined) throw new Error(`--only takes ${groups.join(', ')}, not ${name}`)
  return group
}

function wholeNumber(name: string, value: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new Error(`--${name} takes a whole number, not ${value}`)
  return Number(value)
}
