import { partOfName, phoneNumber } from './people.ts'

/** A question, and the same one for Keycloak; another one for each number. */
export interface Question {
  readonly title: string
  readonly against: string
  readonly kitter: (number: number) => string
  readonly directly: (number: number) => string
}

const onPage = 100

/** About so many people. */
export function byPhoneNumber(people: number): Question {
  return {
    title: 'search by phone number',
    against: '`users?q=phone_number:…`',
    kitter: (number) => `/users/search?equals[phone_number]=${encodeURIComponent(phoneNumber(number % people))}`,
    directly: (number) => `q=${encodeURIComponent(`phone_number:${phoneNumber(number % people)}`)}`,
  }
}

export function byPartOfName(): Question {
  return {
    title: 'search by part of a name',
    against: '`users?search=*…*`',
    kitter: (number) => `/users/search?q=${partOfName(number)}`,
    directly: (number) => `search=*${partOfName(number)}*`,
  }
}

/** Of a hundred people each, the first being page 0. */
export function pageOfList(page: number): Question {
  return {
    title: `page ${page + 1} of a list`,
    against: `\`users?first=${page * onPage}&max=${onPage}\``,
    kitter: () => `/users?paginate[max]=${onPage}&paginate[page]=${page}`,
    directly: () => `first=${page * onPage}&max=${onPage}`,
  }
}
