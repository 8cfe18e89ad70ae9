import type { KeycloakExamination } from './examined-realm.ts'

/** What an operator types to mend the realm. */
export function bootstrapCommand({ url, realm, clientId, audience }: KeycloakExamination): string {
  const further = [
    ...(clientId === 'kitter' ? [] : ['--client-id', clientId]),
    ...(audience === 'kitter' ? [] : ['--audience', audience]),
  ]
  return ['kitter bootstrap keycloak --url', url, '--realm', realm, '--admin-user ADMIN', ...further]
    .map(quoted)
    .join(' ')
}

function quoted(word: string): string {
  return /^[\w ./:@%+-]*$/.test(word) && !(word.includes(' ') && !word.includes('--'))
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`
}
