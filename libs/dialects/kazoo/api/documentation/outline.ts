export const description = `
Kazoo's users API over kitter's users: what is changed here is changed in Keycloak and at wac-core, and kitter's own API sees it at once.

* **Access**: press *Authorize* and paste a token of the realm, or one of \`PUT /v2/user_auth\`. On the sandbox, \`kitter token\` prints one.
* **Accounts** are domains: the id is \`00000000\` and the domain's id. \`/v2/account/…\` is one's own account.
* **Answers** have \`data\` in an envelope, **failures** have \`error\`, the status as a text, and in \`data\` all that is wrong, by key and code.
* **Clients that can only POST** say the method as \`verb\`, in the body or in the query. Tokens may stand there, too: \`auth_token\`.
`

export const tokenDescription = 'A token of the realm, or one of `PUT /v2/user_auth`.'
