type Fields = Readonly<Record<string, string>>

/** What the sandbox's token endpoint answers to this form: tokens, or why not. */
export async function askForTokens(url: string, fields: Fields): Promise<Readonly<Record<string, unknown>>> {
  const body = new URLSearchParams({ client_id: 'kitter-cli', ...fields })
  const response = await fetch(`${url}/realms/kitter/protocol/openid-connect/token`, { method: 'POST', body })
  return (await response.json()) as Readonly<Record<string, unknown>>
}
