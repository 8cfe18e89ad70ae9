/** People like those that `POST /users` gets, each another one. */
export interface Person {
  readonly username: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly phoneNumber: string
}

export const domain = 'quobis'
export const password = 'correct horse battery'

const syllables = 'ba ce di fo gu ka le mi no pu ra se ti vo xu za be ci do fu'.split(' ')
const otherSyllables = 'ha he hi ho hu ja je ji jo ju wa we wi wo wu ya ye yi yo yu'.split(' ')
const endings = 'l n r s m z nd rt sk lo'.split(' ')

/** 8,000 family names, whose parts more than one have. */
export const lastNames = namesOf(syllables)
/** In which no part of those is: searches don't come by people who are created meanwhile. */
const otherNames = namesOf(otherSyllables)

export const firstNames = otherSyllables.flatMap((first) => endings.map((ending) => capitalized(`${first}${ending}`)))

/** A part of many a family name: of the people in a realm every two hundredth has it. */
export function partOfName(number: number): string {
  const [first, second] = [syllables[number % 20] ?? '', syllables[Math.floor(number / 20) % 20] ?? '']
  return `${first}${second}`
}

/** Somebody to be created. `series` keeps those apart that two sides make. */
export function person(series: string, number: number): Person {
  const firstName = firstNames[number % firstNames.length] ?? ''
  const lastName = otherNames[number % otherNames.length] ?? ''
  const username = `${firstName}.${lastName}.${series}${number}`.toLowerCase()
  const email = `${username}@example.com`
  return { username, email, firstName, lastName, phoneNumber: phoneNumber(50_000_000 + number) }
}

export function phoneNumber(number: number): string {
  return `+346${String(number).padStart(8, '0')}`
}

let last = Date.now()

/** What nobody's name has had in it, without letters that a search might be for. */
export function newSeries(): string {
  last += 1
  return `${last}n`
}

function namesOf(parts: readonly string[]): readonly string[] {
  return parts.flatMap((one) => parts.flatMap((other) => parts.map((third) => capitalized(`${one}${other}${third}`))))
}

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
