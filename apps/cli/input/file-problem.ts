import { printable } from '../output/printable.ts'

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions forbid it',
  EPERM: 'its permissions forbid it',
  EEXIST: 'it is there already',
  ENOSPC: 'no space is left',
  EROFS: 'its disk is read-only',
}

/** Why a file can't be read or written. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return problems[code] ?? printable(code)
}
