import { CannotRun } from '../../cannot-run.ts'

/** Docker's `--env-file` keeps quotes as they are, and Node, systemd and shells don't: only what needs none means the same to all. */
const plain = /^[\p{L}\p{N}_.:/@%+,=~[\]-]*$/u

/** A variable as a line of a file of variables, whoever reads it. */
export function environmentLine(name: string, value: string): string {
  requirePlain(name, value)
  return `${name}=${value}`
}

/** The sentence has no value in it, for that may be a secret. */
export function requirePlain(name: string, value: string): void {
  if (plain.test(value)) return
  throw new CannotRun(
    `${name} has signs that programs read differently in a file of variables: choose one of letters, digits and the signs ` +
      '_ . : / @ % + , = ~ [ ] - only.',
  )
}
