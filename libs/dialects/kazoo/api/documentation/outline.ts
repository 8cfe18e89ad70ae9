import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger'

const description = `
Kazoo's users API over kitter's users: what is changed here is changed in Keycloak and at wac-core, and kitter's own API sees it at once.

* **Access**: press *Authorize* and paste a token of the realm, or one of \`PUT /v2/user_auth\`. On the sandbox, \`kitter token\` prints one.
* **Accounts** are domains: the id is \`00000000\` and the domain's id. \`/v2/account/…\` is one's own account.
* **Answers** have \`data\` in an envelope, **failures** have \`error\`, the status as a text, and in \`data\` all that is wrong, by key and code.
* **Clients that can only POST** say the method as \`verb\`, in the body or in the query. Tokens may stand there, too: \`auth_token\`.
`

const tokenDescription = 'A token of the realm, or one of `PUT /v2/user_auth`.'

/** What the dialect's document says besides its paths. */
export function outline(version: string): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setTitle('kitter: Kazoo')
    .setDescription(description)
    .setVersion(version)
    .addServer('/')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Auth-Token', description: tokenDescription })
    .addTag('users', 'The users of an account: documents.')
    .addTag('photos', 'One of each user.')
    .addTag('quickcall', 'Calls that nobody has dialled.')
    .addTag('signing in', 'Where the operator has switched it on.')
    .build()
}
