import { RawAnswer } from './raw-answer.ts'

export function vcardAnswer(card: string): RawAnswer {
  return new RawAnswer(Buffer.from(card), { 'content-type': 'text/x-vcard' })
}
