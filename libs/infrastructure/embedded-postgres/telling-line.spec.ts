import { expect, it } from 'vitest'
import { tellingLine } from './telling-line.ts'

it.each([
  [
    'the last verdict of a log, not what follows from it',
    '2026-01-01 10:00:00.000 UTC [7] LOG:  starting PostgreSQL 18.4\n' +
      '2026-01-01 10:00:00.001 UTC [9] FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device\n' +
      '2026-01-01 10:00:00.002 UTC [7] LOG:  database system is shut down\n',
    'could not write to file "pg_wal/xlogtemp.9": No space left on device',
  ],
  [
    "a tool's error",
    'initdb: error: invalid locale name "C.UTF-8"\ninitdb: hint: try another\n',
    'invalid locale name "C.UTF-8"',
  ],
  [
    'the last line when there is no verdict',
    'first\nsetpriv: activate capabilities: no\n\n',
    'setpriv: activate capabilities: no',
  ],
  ['nothing when nothing was said', '\n \n', undefined],
])('finds %s', (_name, said, line) => {
  expect(tellingLine(said)).toBe(line)
})
