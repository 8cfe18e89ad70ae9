import { integer, object, type ObjectField, recurring, text } from './field.ts'

const next = (about: string) => recurring('metaflow', () => metaflow, about)

export const metaflow: ObjectField = object('What is done, with what, and where it goes on from there.', {
  children: object('What follows, by the outcome.', {}, { named: { pattern: '.+', field: next('One that follows.') } }),
  data: object('What the module is told.', {}),
  module: text('The module that acts.', { min: 1, max: 64, required: true }),
})

export const metaflows = object('What can be started by keys during a call.', {
  binding_digit: text('The key after which the others are listened to.', {
    min: 1,
    max: 1,
    choices: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'],
    default: '*',
  }),
  digit_timeout: integer('How long to wait for the next key, in milliseconds.', { min: 0 }),
  listen_on: text('Whose keys count.', { choices: ['both', 'self', 'peer'] }),
  numbers: object(
    'What digits start.',
    {},
    { named: { pattern: '^[0-9]+$', field: next('Started by the digits of the key.') }, others: 'none' },
  ),
  patterns: object(
    'What patterns of digits start.',
    {},
    { named: { pattern: '.+', field: next('Started by what the key matches.') }, others: 'none' },
  ),
})
