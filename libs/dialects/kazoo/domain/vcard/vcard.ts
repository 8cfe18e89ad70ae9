import { isPlainObject } from '#kernel'
import { textIn } from '../document/text-in.ts'
import type { JsonObject } from '../json-object.ts'
import type { Photo } from '../photo/photo.ts'
import { vcardLines } from './vcard-lines.ts'

/** The photos that cards have; larger ones would be made into lines and sent with each of them. */
export const photosOfCards = { contentType: 'image/jpeg', mostBytes: 256 * 1024 } as const

const usualAddress = ['intl', 'postal', 'parcel', 'work']
const addressType = /^[A-Za-z]+$/

/** A user's document as vCard 3.0, as Kazoo writes it. What the profile says stands beside the document's own keys. */
export function vcardOf(document: JsonObject, photo?: Photo): string {
  const { profile } = document
  const card: JsonObject = { ...(isPlainObject(profile) && profile), ...document }
  return vcardLines([
    'BEGIN:VCARD',
    'VERSION:3.0',
    line('FN', fullName(card)),
    line('N', name(card)),
    line('ORG', escaped(textIn(card, 'org'))),
    photo !== undefined && isOfCards(photo) && line('PHOTO;ENCODING=B;TYPE=JPEG', base64(photo)),
    line('EMAIL', escaped(textIn(card, 'email'))),
    line('BDAY', escaped(textIn(card, 'birthday'))),
    line('NOTE', escaped(textIn(card, 'note'))),
    line('TITLE', escaped(textIn(card, 'title'))),
    line('ROLE', escaped(textIn(card, 'role'))),
    line('TZ', escaped(textIn(card, 'timezone'))),
    line('NICKNAME', nicknames(card)),
    ...addresses(card),
    'END:VCARD',
  ])
}

function isOfCards({ contentType, bytes }: Photo): boolean {
  return contentType === photosOfCards.contentType && bytes.length <= photosOfCards.mostBytes
}

function line(name: string, value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : `${name}:${value}`
}

/** Readers take no card without a name: users that another API made may have only the one to sign in with. */
function fullName(card: JsonObject): string | undefined {
  const names = ['first_name', 'middle_name', 'last_name'].map((key) => textIn(card, key))
  const known = names.filter((each) => each !== undefined && each !== '')
  return escaped(known.length > 0 ? known.join(' ') : textIn(card, 'username'))
}

function name(card: JsonObject): string | undefined {
  const [last, first, middle] = ['last_name', 'first_name', 'middle_name'].map(
    (key) => escaped(textIn(card, key)) ?? '',
  )
  const parts = [last, first, ...(middle ? [middle] : [])]
  return parts.some((part) => part !== '') ? parts.join(';') : undefined
}

function nicknames(card: JsonObject): string {
  return textsIn(card['nicknames']).map(escaped).join(',')
}

function addresses({ addresses }: JsonObject): readonly (string | undefined)[] {
  const list: readonly unknown[] = Array.isArray(addresses) ? addresses : []
  return list.filter(isPlainObject).map((each) => {
    const types = textsIn(each['types']).filter((type) => addressType.test(type))
    return line(`ADR;TYPE=${(types.length > 0 ? types : usualAddress).join(',')}`, escaped(textIn(each, 'address')))
  })
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

/** Kazoo leaves the backslash alone, so that one at the end of a name swallows what separates it from the next. */
function escaped(text: string): string
function escaped(text: string | undefined): string | undefined
function escaped(text: string | undefined): string | undefined {
  return text?.replace(/[\\:;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n')
}

function base64({ bytes }: Photo): string {
  return Buffer.from(bytes).toString('base64')
}
