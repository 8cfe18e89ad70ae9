import { shapeProblems } from './shape-problems.ts'

/** Whether a document could have such a value. */
export function canBeKept(value: unknown): boolean {
  return shapeProblems({ value }).length === 0
}
