import { object, text } from './field.ts'

/** What somebody signs in with. */
export const userAuthFields = object('Signing in.', {
  account_name: text("The account's name.", { min: 1, max: 128 }),
  account_realm: text("The account's realm.", { min: 4, max: 253, pattern: '^[.\\w_-]+$' }),
  credentials: text('The hash of `username:password`, in hexadecimal.', { min: 1, max: 64, required: true }),
  method: text('The hash function.', { choices: ['md5', 'sha'], default: 'md5' }),
  phone_number: text('A phone number of the account.', { min: 1, max: 64 }),
})
