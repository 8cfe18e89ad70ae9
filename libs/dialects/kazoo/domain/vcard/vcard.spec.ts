import { describe, expect, it } from 'vitest'
import { vcardOf } from './vcard.ts'

const cardOf = (...lines: string[]) => `${['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD'].join('\n')}\n`
const names = { first_name: 'User', last_name: 'Three' }

describe('a card', () => {
  it("is as Kazoo's documentation shows it, to the letter", () => {
    expect(vcardOf(names)).toBe(cardOf('FN:User Three', 'N:Three;User'))
  })

  it('has the email', () => {
    const card = cardOf('FN:F L', 'N:L;F', 'EMAIL:email@example.com')
    expect(vcardOf({ first_name: 'F', last_name: 'L', email: 'email@example.com' })).toBe(card)
  })

  it('has all that the profile says, in its order', () => {
    const profile = {
      addresses: [{ address: 'Calle A, 1' }, { address: 'Home', types: ['home', 'pref'] }, { types: ['work'] }, 'x'],
      birthday: '1970-01-01',
      nicknames: ['Us', 'A,B'],
      note: 'one\ntwo\r\nthree',
      role: 'Boss',
      title: 'CEO; CTO',
      middle_name: 'M',
    }
    expect(vcardOf({ ...names, profile, org: 'A:B', timezone: 'Europe/Madrid', email: '' })).toBe(
      cardOf(
        'FN:User M Three',
        'N:Three;User;M',
        'ORG:A\\:B',
        'BDAY:1970-01-01',
        'NOTE:one\\ntwo\\nthree',
        'TITLE:CEO\\; CTO',
        'ROLE:Boss',
        'TZ:Europe/Madrid',
        'NICKNAME:Us,A\\,B',
        'ADR;TYPE=intl,postal,parcel,work:Calle A\\, 1',
        'ADR;TYPE=home,pref:Home',
      ),
    )
  })

  it('has no more lines than it says, whatever the names are', () => {
    const card = vcardOf({
      first_name: 'A\nTEL:1',
      last_name: 'B\\',
      profile: { addresses: [{ address: 'x', types: ['a:b\n'] }] },
    })
    expect(card).toBe(cardOf('FN:A\\nTEL\\:1 B\\\\', 'N:B\\\\;A\\nTEL\\:1', 'ADR;TYPE=intl,postal,parcel,work:x'))
  })

  it('of somebody without names has what they sign in with', () => {
    expect(vcardOf({ username: 'bob' })).toBe(cardOf('FN:bob'))
    expect(vcardOf({})).toBe(cardOf())
    expect(vcardOf({ last_name: 'Three' })).toBe(cardOf('FN:Three', 'N:Three;'))
  })

  it('has a photo, if it is a JPEG', () => {
    const bytes = Buffer.from('photo')
    const lines = cardOf('FN:User Three', 'N:Three;User', 'PHOTO;ENCODING=B;TYPE=JPEG:cGhvdG8=')
    expect(vcardOf(names, { contentType: 'image/jpeg', bytes })).toBe(lines)
    expect(vcardOf(names, { contentType: 'image/png', bytes })).toBe(cardOf('FN:User Three', 'N:Three;User'))
  })

  it('has lines of at most 75 bytes, and whole characters in them', () => {
    const note = `${'ñ'.repeat(100)}👍${'名'.repeat(50)}`
    const lines = vcardOf({ ...names, profile: { note } }).split('\n')
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBe(75)
    expect(lines.join('')).toContain(`NOTE:${note}END:VCARD`)
  })

  it('has a photo of 256 KiB, and none that is larger', () => {
    const bytes = Buffer.alloc(256 * 1024, 1)
    const card = vcardOf(names, { contentType: 'image/jpeg', bytes })
    expect(card.split('\n').every((line) => line.length <= 75)).toBe(true)
    expect(card.replaceAll('\n', '')).toContain(bytes.toString('base64'))
    const larger = vcardOf(names, { contentType: 'image/jpeg', bytes: Buffer.alloc(256 * 1024 + 1) })
    expect(larger).toBe(cardOf('FN:User Three', 'N:Three;User'))
  })
})
