const basic = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i
const pair = /^([0-9a-f]{32}):([0-9a-f]{32})$/i

/** An account's id and the md5 of name and password: what stands for a token in `Authorization: Basic`. */
export interface BasicCredentials {
  readonly account: string
  readonly digest: string
}

/** The text of the header, where it's such a pair. */
export function basicTextIn(authorization: unknown): string | undefined {
  const encoded = typeof authorization === 'string' ? basic.exec(authorization)?.[1] : undefined
  const text = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('latin1')
  return text !== undefined && pair.test(text) ? text : undefined
}

export function basicCredentialsIn(text: string): BasicCredentials | undefined {
  const [, account, digest] = pair.exec(text.toLowerCase()) ?? []
  return account === undefined || digest === undefined ? undefined : { account, digest }
}
