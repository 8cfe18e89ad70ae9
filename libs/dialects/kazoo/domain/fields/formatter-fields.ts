import { flag, object, oneOrMany, text } from './field.ts'

const formatter = object('How a value of a route request is changed.', {
  direction: text('The calls that it is for.', { choices: ['inbound', 'outbound', 'both'] }),
  match_invite_format: flag('The user part of a SIP URI takes the format of the outbound request.'),
  prefix: text('Put before what matched.'),
  regex: text('What is looked for; what its group catches is kept.', { format: 'regex' }),
  strip: flag('The value is left out.'),
  suffix: text('Put after what matched.'),
  value: text('What stands there instead.'),
})

export const formatters = object(
  'How values of route requests are changed, by their key.',
  {},
  { named: { pattern: '^[A-Za-z0-9_]+$', field: oneOrMany(formatter, 'What is done to the value of this key.') } },
)
