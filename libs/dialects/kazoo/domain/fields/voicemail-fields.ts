import { flag, integer, listOf, object, text } from './field.ts'

const callback = object('A call that tells of new messages.', {
  attempts: integer('How often it is tried.'),
  disabled: flag('No call is made.'),
  interval_s: integer('The time between two tries, in seconds.'),
  number: text('The number that is called.'),
  schedule: listOf(integer('One of them.'), 'The times between tries, each in seconds.'),
  timeout_s: integer('How long it rings, in seconds.'),
})

export const voicemail = object('Messages of those who called in vain.', {
  notify: object('How the user is told of them.', { callback }),
})
