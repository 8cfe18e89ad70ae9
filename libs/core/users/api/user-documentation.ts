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

export const exampleNewUser = {
  username: 'johndoe',
  email: 'user@example.com',
  first_name: 'John',
  last_name: 'Doe',
  attributes: { domain: 'example.com', phone_number: '+34612345678' },
  credentials: { password: 'correct horse battery staple', temporary: false },
}

const attributeValue = { type: 'string', maxLength: 2048 }

export const attributesSchema = {
  type: 'object' as const,
  additionalProperties: { nullable: true, oneOf: [attributeValue, { type: 'array', items: attributeValue }] },
  example: exampleUser.attributes,
}

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
