/** A row of a file, and what must come of it. */
interface PlannedRow {
  readonly cells: string | Buffer
  /** Nothing for one that is good. */
  readonly sentence?: string | undefined
  readonly code?: string
}

export interface PeopleFile {
  readonly file: Buffer
  /** By row: `created`, or why it must be refused. */
  readonly verdicts: readonly string[]
}

const header = 'username,domain,email,first_name,last_name,phone_number,enabled,password,password_hash,temporary'
const lastNames = ["O'Connor", 'Müller', '"Smith, Jr."', '"van ""der"" Berg"', '王', 'عומר']
const cell = (problem: string): string => `The row is not valid: ${problem}.`

/** Everything that is wrong with rows of files, by the number of a row. */
const badRows: readonly ((n: number) => PlannedRow)[] = [
  (n) => ({ cells: `,home.example,n${n}@mail.example,,,,,,,`, sentence: cell('username is missing') }),
  (n) => ({ cells: `lost${n},,,,,,,,,`, sentence: cell('domain is missing') }),
  (n) => ({ cells: `stranger${n},nowhere.example,,,,,,,,`, sentence: cell('domain names an unknown domain') }),
  (n) => ({
    cells: `strange${n},no such domain,,,,,,,,`,
    sentence: cell('domain must be labels of letters, digits, "-" and "_" joined by dots'),
  }),
  (n) => ({ cells: `mail${n},home.example,not-an-email,,,,,,,`, sentence: cell('email must be an email address') }),
  () => ({
    cells: 'PERSON1,home.example,,,,,,,,',
    code: 'user.name_taken',
    sentence: 'There is a user with this username already.',
  }),
  () => ({
    cells: 'person1,other.example,,,,,,,,',
    code: 'user.name_taken',
    sentence: 'There is a user with this username already.',
  }),
  (n) => ({
    cells: `second${n},home.example,Person1@mail.example,,,,,,,`,
    code: 'user.email_taken',
    sentence: 'There is a user with this email address already.',
  }),
  (n) => ({ cells: `many${n},home.example,,,,,,,,,,`, sentence: 'The row has 12 cells where the first line has 10.' }),
  (n) => ({ cells: `few${n},home.example`, sentence: 'The row has 2 cells where the first line has 10.' }),
  (n) => ({
    cells: Buffer.from(`caf\xe9${n},home.example,,,,,,,,`, 'latin1'),
    sentence: 'The row holds bytes that are not UTF-8.',
  }),
  (n) => ({ cells: `"open${n},home.example,,,,,,,,`, sentence: 'A quote is opened and not closed.' }),
  (n) => ({
    cells: `"b"c${n},home.example,,,,,,,,`,
    sentence: 'A quote that closes a cell must stand at its end; a quote inside a quoted cell is written twice.',
  }),
  (n) => ({
    cells: `b"c${n}",home.example,,,,,,,,`,
    sentence: 'A quote stands inside a cell without quotes: quote the whole cell and write the quote inside twice.',
  }),
  (n) => ({
    cells: `bad name ${n},home.example,,,,,,,,`,
    sentence: cell("username must be letters, digits and . _ - + @ ' only, without spaces"),
  }),
  (n) => ({
    cells: `${'x'.repeat(256)}${n},home.example,,,,,,,,`,
    sentence: cell('username must have at most 255 characters'),
  }),
  (n) => ({
    cells: `control${n},home.example,,A\u0007B,,,,,,`,
    sentence: cell('first_name must not contain control characters'),
  }),
  (n) => ({
    cells: `maybe${n},home.example,,,,,perhaps,,,`,
    sentence: cell('enabled must be true or false, yes or no, 1 or 0'),
  }),
  (n) => ({
    cells: `hash${n},home.example,,,,,,,5f4dcc3b5aa765d61d8327deb882cf99,`,
    sentence: cell('password_hash must be a PHC string of argon2id or PBKDF2'),
  }),
  (n) => ({
    cells: `both${n},home.example,,,,,,secret,$argon2id$,`,
    sentence: cell('credentials must have either a password or a password_hash'),
  }),
  (n) => ({
    cells: `hasty${n},home.example,,,,,,,,true`,
    sentence: cell('temporary is said of a password, but there is none'),
  }),
]

function goodRow(n: number): PlannedRow {
  const lastName = lastNames[n % lastNames.length] ?? ''
  const [enabled, password] = [n % 20 === 0 ? 'no' : 'true', n % 100 === 0 ? `Pw-${n}` : '']
  return {
    cells: `person${n},home.example,person${n}@mail.example,Zoë,${lastName},+34 600 ${n},${enabled},${password},,`,
  }
}

/** Of so many rows every tenth is bad, each in its turn in another way; the first are good. */
export function peopleFile(count: number): PeopleFile {
  const rows = Array.from({ length: count }, (_, index) => {
    const n = index + 1
    return n % 10 === 0 ? badRow(n) : { row: goodRow(n), verdict: 'created' }
  })
  const lines = [header, ...rows.map(({ row }) => row.cells)]
  return {
    file: Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])),
    verdicts: rows.map(({ verdict }) => verdict),
  }
}

function badRow(n: number): { readonly row: PlannedRow; readonly verdict: string } {
  const make = badRows[(n / 10) % badRows.length]
  if (make === undefined) throw new Error('there are no bad rows')
  const row = make(n)
  return { row, verdict: `refused ${row.code ?? 'request.invalid'}: ${row.sentence ?? ''}` }
}

export const kindsOfBadRows = badRows.length
