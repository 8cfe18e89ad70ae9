import { listOf, object, text } from './field.ts'

const address = object('One address.', {
  address: text('The address itself.'),
  types: listOf(
    text('One of them.', { choices: ['dom', 'postal', 'intl', 'parcel', 'home', 'work', 'pref'] }),
    'What the address is for.',
  ),
})

export const profile = object(
  'What else is known of the person; the vCard shows it.',
  {
    addresses: listOf(address, 'Where letters reach the person.'),
    assistant: text("The person's assistant."),
    birthday: text('The day of birth.'),
    nicknames: listOf(text('One of them.'), 'What the person is called.'),
    note: text('Whatever else there is to say.'),
    role: text('What the person does.'),
    'sort-string': text('What the name is sorted by.'),
    title: text("The person's position."),
  },
  { default: {} },
)
