import { printable } from '../../output/printable.ts'
import type { RefusedRow } from './import-shape.ts'

const widestName = 30
const headings = ['ROW', 'LINE', 'USERNAME', 'CODE', 'WHY'] as const

/** Refused rows below a heading, a line each. */
export function refusedTable(rows: readonly RefusedRow[]): string {
  const cells = [headings, ...rows.map(cellsOf)]
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')
  return cells.map(line).join('\n')
}

function cellsOf({ row, line, username = '', code = '', sentence = '' }: RefusedRow): readonly string[] {
  const name = printable(username)
  const shown = name.length > widestName ? `${name.slice(0, widestName - 1)}…` : name
  return [String(row), String(line), shown, printable(code), printable(sentence)]
}
