import type { ApiPropertyOptions } from '@nestjs/swagger'

export const exampleUser = {
  id: '550e8400-e29b-41d4-a716-446655440000',
  username: 'johndoe',
  attributes: { domain: 'example.com', phone_number: '+34612345678' },
  email: 'user@example.com',
  enabled: true,
  first_name: 'John',
  last_name: 'Doe',
  email_verified: false,
}

export const newUserExamples = {
  'A user who logs in': {
    user: {
      username: 'johndoe',
      email: 'user@example.com',
      first_name: 'John',
      last_name: 'Doe',
      attributes: { domain: 'example.com', phone_number: '+34612345678' },
      credentials: { password: 'correct horse battery staple', temporary: false },
    },
  },
  'A user with a SIP mapping': {
    user: {
      username: 'janedoe',
      attributes: { domain: 'example.com', languages: ['es', 'gl'] },
      sip_mapping: { username: '205', password: 'sip secret' },
    },
  },
  'Only a name, in the root domain': { user: { username: 'reception' } },
}

export const updateUserExamples = {
  'Another name, no phone number': { first_name: 'Jane', attributes: { phone_number: null } },
  'A password for one log-in': { credentials: { password: 'a new battery staple', temporary: true } },
  'No more log-ins': { enabled: false },
}

const text = { type: 'string', maxLength: 2048 }
const list = { type: 'array', items: text }

/** What answers say: an attribute has one value or more. */
export const attributesSchema = {
  type: 'object',
  required: ['domain'],
  selfRequired: true,
  properties: {
    domain: { type: 'string', example: exampleUser.attributes.domain },
    phone_number: { type: 'string', example: exampleUser.attributes.phone_number },
  },
  additionalProperties: { oneOf: [text, list] },
} satisfies ApiPropertyOptions

/** What requests say: `null` is no value. */
export const attributesInputSchema = {
  type: 'object',
  properties: {
    domain: {
      type: 'string',
      minLength: 1,
      maxLength: 253,
      nullable: true,
      example: exampleUser.attributes.domain,
    },
    phone_number: { type: 'string', maxLength: 255, nullable: true, example: exampleUser.attributes.phone_number },
  },
  additionalProperties: { oneOf: [{ ...text, nullable: true }, list] },
} satisfies ApiPropertyOptions

export const userTexts = {
  username:
    "The name to log in with: letters and digits of any script and `. _ - + @ '`, kept lower-case. Unique in the realm, or " +
    'in the domain where the operator chose so.',
  email: 'An address that no other user has, in any case.',
  enabled: 'Whether the user may log in.',
  firstName: 'The first name, which is also the display name at wac-core.',
  lastName: 'The last name.',
  emailVerified: 'Whether the address is known to be theirs.',
  attributes:
    '`domain` (where the user lives), `phone_number` (as people write it), and whatever else you want to keep: texts or lists of texts.',
}
