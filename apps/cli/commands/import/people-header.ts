import { CannotRun } from '../../cannot-run.ts'
import type { CsvRecord } from '../../csv/read-records.ts'
import { printable } from '../../output/printable.ts'
import { isPeopleColumn, isRefusedColumn, type PeopleColumn, peopleColumns, requiredColumns } from './people-columns.ts'

/** What the columns of a file mean, by their place; nothing for a column that is ignored. */
export type PeopleHeader = readonly (PeopleColumn | undefined)[]

export const knownColumns = `known are ${peopleColumns.join(', ')}, of which ${requiredColumns.join(' and ')} are required`

export function peopleHeader(file: string, { cells, line, problem }: CsvRecord): PeopleHeader {
  const names = cells.map((cell) => cell.trim())
  const wrong = problem ?? headerProblem(names)
  if (wrong !== undefined) throw new CannotRun(`${file}, line ${line}: ${wrong}`)
  return names.map((name) => (isPeopleColumn(name) ? name : undefined))
}

function headerProblem(names: readonly string[]): string | undefined {
  const unknown = names.findIndex((name) => !isPeopleColumn(name) && !isRefusedColumn(name))
  if (unknown !== -1) return unknownColumn(names[unknown] ?? '', unknown)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `the column "${twice}" is there twice; ${knownColumns}.`
  const missing = requiredColumns.find((column) => !names.includes(column))
  return missing && `the column "${missing}" is missing; ${knownColumns}.`
}

function unknownColumn(name: string, index: number): string {
  if (name === '') return `column ${index + 1} has no name; ${knownColumns}.`
  if (name.includes(';')) return 'the columns are separated by semicolons, but must be separated by commas.'
  if (name.includes('\t')) return 'the columns are separated by tabs, but must be separated by commas.'
  return `the column "${printable(name)}" is not known; ${knownColumns}.`
}
